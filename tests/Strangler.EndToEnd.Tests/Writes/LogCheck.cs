using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Writes;

/// <summary>
/// Reads the whole change log, embedded or on Kafka, and returns what it contains about reservations, each of which is
/// made by one transaction.
/// </summary>
internal static class LogCheck
{
    /// <summary>
    /// Asserts that positions are strictly increasing, that every committed reservation is in the log exactly once,
    /// that none of a rolled-back transaction is, and that each transaction follows on the one that it names.
    /// </summary>
    public static async Task HoldsOnceAsync(
        RunningSystem system,
        IEnumerable<RandomTransactions> writes,
        CancellationToken cancellationToken
    )
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(system.ConfigFile).Build();
        var source = configuration["Source:topic.prefix"]!;
        await using var log = await ConfiguredLog.OpenAsync(
            configuration,
            system.Store,
            TimeProvider.System,
            cancellationToken
        );
        var (chain, extent) = Assert.NotNull(await ContinuityReader.ReadAsync(log, source, cancellationToken));
        Assert.Empty(chain.Breaks);
        Assert.InRange(chain.Count - chain.NamedCount, 0, extent.End!.Value.Epoch); // the first of each names none
        var inserted = new Dictionary<Guid, int>();
        var (at, last) = (extent.Begin, Position.Start);
        while (true)
        {
            var page = (await log.ReadAsync(source, at, LogReadLimit.Default, cancellationToken)).OrThrow();
            foreach (var record in page.Records)
            {
                Assert.True(record.Position > last, $"{record.Position} stands behind {last}.");
                last = record.Position;
                if (record.Kind != LogRecordKind.Data || record.Topic != $"{source}.public.reservation")
                    continue;
                using var json = JsonDocument.Parse(record.Value!);
                if (json.RootElement.GetProperty("op").GetString() is not ("c" or "r"))
                    continue;
                var id = json.RootElement.GetProperty("after").GetProperty("id").GetGuid();
                inserted[id] = inserted.GetValueOrDefault(id) + 1;
            }
            if (page.Through == at)
                break;
            at = page.Through;
        }
        var (once, never) = (0, 0);
        foreach (var (id, committed) in writes.SelectMany(one => one.Reservations))
        {
            var times = inserted.GetValueOrDefault(id);
            if (committed is true)
                Assert.True(times == 1, $"The committed reservation {id} is in the log {times} times.");
            if (committed is false)
                Assert.True(times == 0, $"The reservation {id} was rolled back, but is in the log {times} times.");
            if (committed is null)
                Assert.True(times <= 1, $"The reservation {id} is in the log {times} times.");
            _ = times == 1 ? once++ : never++;
        }
        TestContext.Current.SendDiagnosticMessage(
            "{0} committed reservations stand in the log once, {1} others do not.",
            once,
            never
        );
    }
}
