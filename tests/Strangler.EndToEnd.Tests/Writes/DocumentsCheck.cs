using System.Text;
using Microsoft.Extensions.Configuration;
using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Projections;
using Strangler.Testing.Oracle;
using Xunit;

namespace Strangler.EndToEnd.Tests.Writes;

/// <summary>
/// Compares every stored document with f over the legacy database's current rows, read by plain SQL along the declared
/// paths, bypassing bridge, log and mirror.
/// </summary>
internal static class DocumentsCheck
{
    /// <summary>How long an answer that changes by itself may differ from what f says.</summary>
    private static readonly TimeSpan ChangesItself = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Waits until everything committed is applied and no key waits to be computed, then compares every existing key,
    /// and <paramref name="others"/>, which may be absent.
    /// </summary>
    public static async Task EqualAsync(
        RunningSystem system,
        IEnumerable<string> others,
        CancellationToken cancellationToken
    )
    {
        await system.CaughtUpAsync(cancellationToken);
        if (await DifferenceAsync(system, [.. others], ChangesItself, cancellationToken) is { } difference)
            Assert.Fail($"{difference}\n{system.Words()}");
    }

    /// <summary>
    /// The same after a table's definition has also changed, which no event reports: that is noticed a little later, so
    /// it compares until nothing differs.
    /// </summary>
    public static async Task BecomeEqualAsync(
        RunningSystem system,
        IEnumerable<string> others,
        CancellationToken cancellationToken
    )
    {
        string? difference = null;
        IReadOnlyList<string> keys = [.. others];
        await Until.TrueAsync(
            async () =>
            {
                await system.CaughtUpAsync(cancellationToken);
                return (difference = await DifferenceAsync(system, keys, TimeSpan.Zero, cancellationToken)) is null;
            },
            () => $"{difference}\n{system.Words()}",
            cancellationToken
        );
    }

    /// <summary>The first document that is not f of its rows; null if none exists.</summary>
    private static async Task<string?> DifferenceAsync(
        RunningSystem system,
        IReadOnlyList<string> others,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var ids = ProjectionAssemblies
            .Load(new ConfigurationBuilder().AddJsonFile(system.ConfigFile).Build())
            .ToDictionary(responder => responder.Projection.Name, responder => responder.Projection);
        return await DifferenceAsync<ItemAvailability, AvailabilityDocument>(
                system,
                ids["ItemAvailability"],
                others,
                patience,
                cancellationToken
            )
            ?? await DifferenceAsync<ItemDetails, ItemDetailsDocument>(
                system,
                ids["ItemDetails"],
                others,
                patience,
                cancellationToken
            );
    }

    private static async Task<string?> DifferenceAsync<TProjection, TDocument>(
        RunningSystem system,
        ProjectionId id,
        IReadOnlyList<string> others,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
        where TProjection : IProjection<Sku, TDocument>
        where TDocument : class
    {
        var ported = await Ported<TProjection, Sku, TDocument>.ReadAsync(system.Source, cancellationToken);
        // Keys that no longer exist count, too: their documents must be absent.
        var stored = new List<string>();
        await using (var command = system.Store.CreateCommand("select distinct key from projections.document"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                stored.Add(reader.GetString(0));
        }
        var keys = ported
            .Keys.Select(key => key.ToString())
            .Union(stored)
            .Union(others)
            .Order(StringComparer.Ordinal)
            .ToList();
        var present = 0;
        foreach (var chunk in keys.Chunk(500))
        {
            Lookup found = new([], null);
            await Until.TrueAsync(
                async () =>
                    !(found = await system.Answers.FindAsync(id, chunk, cancellationToken)).Found.Any(one =>
                        one is Found.Miss { Reason: MissReason.Dirty or MissReason.Due }
                    ),
                () => $"Keys of {id.Name} are still dirty or due.\n{system.Words()}",
                cancellationToken
            );
            for (var index = 0; index < chunk.Length; index++)
            {
                var key = chunk[index];
                // An answer may change by itself after the look-up. It is due then until it has been computed again,
                // by the store's clock, which may be a moment behind ours.
                var (expected, actual, began) = ((string?)null, found.Found[index], TimeProvider.System.GetTimestamp());
                await Until.TrueAsync(
                    async () =>
                    {
                        expected = Text(ported.Compute(Sku.Parse(key, null), TimeProvider.System.GetUtcNow()).Bytes);
                        if (IsSame(actual, expected) || TimeProvider.System.GetElapsedTime(began) > patience)
                            return true;
                        actual = (await system.Answers.FindAsync(id, [key], cancellationToken)).Found[0];
                        return false;
                    },
                    () => $"The store does not answer.\n{system.Words()}",
                    cancellationToken
                );
                if (!IsSame(actual, expected))
                    return $"{id.Name} {key}\nfrom the rows {expected ?? "absent"}\nstored        "
                        + $"{(actual is Found.Document wrong ? Text(wrong.Bytes.ToArray()) : actual.ToString())}";
                if (actual is Found.Document)
                    present++;
            }
        }
        Assert.True(present > 0, $"No document of {id.Name} was compared.");
        return null;
    }

    private static bool IsSame(Found found, string? expected) =>
        found is Found.Document document
            ? expected == Text(document.Bytes.ToArray())
            : found is Found.Absent && expected is null;

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
