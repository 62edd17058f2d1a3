using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Projections;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// A transaction larger than the memory of the parts: a reader sees none of it or all, even if a part is killed
/// half-way.
/// </summary>
public sealed class LargeTransactionTests
{
    /// <summary>200 MB of managed heap, in hexadecimal as the runtime expects it.</summary>
    private const string HeapLimit = "BEBC200";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public Task Transaction_OfManyPagesAndKilledHalfWay_IsSeenWholeOrNotAtAll() => RunAsync(20_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Transaction_Of500000RowsUnderAHeapLimit_IsSeenWholeOrNotAtAll() => RunAsync(500_000);

    private static async Task RunAsync(int rows)
    {
        await using var system = await RunningSystem.StartAsync(60, Cancellation);
        using var kills = new KillLog();
        await system.Bridge.KillAsync();
        await system.Projections.KillAsync();
        system.Bridge.Start(Limited(kills.At("bridge.chunk-stored", 3)));
        system.Projections.Start(Limited(kills.At("projections.page-applied", 2)));
        var details = ProjectionAssemblies
            .Load(new ConfigurationBuilder().AddJsonFile(system.ConfigFile).Build())
            .Single(responder => responder.Projection.Name == "ItemDetails")
            .Projection;

        // The first and the last row of the transaction change documents that are read together.
        await using (
            var write = system.Source.CreateCommand(
                $"""
                begin;
                update item set name = 'whole' where sku = '000001';
                insert into store_floor (store_id, sku, quantity)
                select (select min(id) from store), (900000000 + n)::text, 1 from generate_series(1, {rows}) n;
                update item set name = 'whole' where sku = '000060';
                commit
                """
            )
        )
            await write.ExecuteNonQueryAsync(Cancellation);
        var seen = new HashSet<string>();
        await Until.TrueAsync(
            async () =>
            {
                if (system.Bridge.HasExited)
                    system.Bridge.Start(Limited(new Dictionary<string, string?>()));
                if (system.Projections.HasExited)
                    system.Projections.Start(Limited(new Dictionary<string, string?>()));
                var found = (await system.Answers.FindAsync(details, ["000001", "000060"], Cancellation)).Found;
                if (!found.All(one => one is Found.Document))
                    return false;
                var state = string.Join(
                    ' ',
                    found
                        .Cast<Found.Document>()
                        .Select(document =>
                            Encoding.UTF8.GetString(document.Bytes.Span).Contains("\"whole\"", StringComparison.Ordinal)
                                ? "new"
                                : "old"
                        )
                );
                seen.Add(state);
                return state == "new new";
            },
            () => $"The transaction of {rows} rows was not applied. Seen: {string.Join(", ", seen)}.\n{system.Words()}",
            TimeSpan.FromMinutes(10),
            Cancellation
        );

        Assert.DoesNotContain("new old", seen);
        Assert.DoesNotContain("old new", seen);
        Assert.Equal(1, kills.Hits("bridge.chunk-stored"));
        Assert.Equal(1, kills.Hits("projections.page-applied"));
        await using var mirrored = system.Store.CreateCommand(
            $"select count(*) from projections.current_{await FloorAsync(system)} "
                + "where row is not null and pk like '%\"sku\":\"900%'"
        );
        Assert.Equal((long)rows, await mirrored.ExecuteScalarAsync(Cancellation));
    }

    private static async Task<int> FloorAsync(RunningSystem system)
    {
        await using var command = system.Store.CreateCommand(
            "select id from projections.source_table where name = 'store_floor'"
        );
        return (int)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static Dictionary<string, string?> Limited(IReadOnlyDictionary<string, string?> environment) =>
        new(environment) { ["DOTNET_GCHeapHardLimit"] = HeapLimit };
}
