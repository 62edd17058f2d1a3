using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// <c>kill -9</c> of the bridge within its snapshot into Kafka: a consumer that keeps the last event of each key ends
/// with the rows of the source, and gets no table again that had been read; also if the bridge is killed once more
/// while it reads the rest.
/// </summary>
[Collection(nameof(DeliveryServers))]
[Trait("Category", "Long")]
public sealed class SnapshotKillTests(DeliveryServers servers)
{
    private const string HalfSnapshot = "bridge.snapshot-half-written";
    private const string HalfRead = "bridge.tables-half-read";
    private const int Rows = 6000;

    private static readonly (string Table, string Key)[] Keys = [("a", "id"), ("b", "id"), ("c", "id")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each table takes four appends, and the first of the next table says that it has been read.
    /// </summary>
    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(5, 1, 0)]
    [InlineData(8, 1, 2)]
    [InlineData(8, 1, 5)]
    [InlineData(11, 2, 1)]
    public async Task Bridge_KilledWithinItsSnapshot_ReadsTheRestAndLeavesNoGhosts(int append, int read, int again)
    {
        await using var run = await DeliveryRun.PrepareAsync(
            servers,
            string.Concat(
                Keys.Select(key =>
                    $"""
                        create table {key.Table} (id int primary key, v text);
                        insert into {key.Table} select g, 'first' from generate_series(1, {Rows}) g;
                        """
                )
            )
        );
        using var kills = new KillLog();
        run.Bridge.Start(kills.At(HalfSnapshot, append));
        await run.Bridge.WaitForExitAsync(Cancellation);
        Assert.Equal(1, kills.Hits(HalfSnapshot));
        foreach (var (table, _) in Keys)
            await run.ExecuteAsync(
                $"""
                delete from {table} where id % 3 = 0;
                update {table} set v = 'second' where id % 3 = 1;
                update {table} set id = id + 100000 where id % 100 = 2;
                insert into {table} select g, 'new' from generate_series(200000, 200010) g;
                """
            );
        if (again > 0)
        {
            run.Bridge.Start(kills.At(HalfRead, again));
            await run.Bridge.WaitForExitAsync(Cancellation);
            Assert.Equal(1, kills.Hits(HalfRead));
            foreach (var (table, _) in Keys)
                await run.ExecuteAsync($"delete from {table} where id % 5 = 1");
        }

        await run.BeginAsync();
        foreach (var (table, _) in Keys.Skip(read))
        {
            if (read > 0)
                await run.Bridge.WaitForLineAsync($".public.{table}' has been read again", Cancellation);
        }
        await run.CaughtUpAsync();

        var events = DeliveryReader.Read(run.Address, run.Prefix);
        var rows = await CommittedHistoryReader.RowsAsync(run.Source, run.Prefix, Keys, Cancellation);
        foreach (var (table, _) in Keys.Take(read))
            Assert.Equal(Rows, events.Count(one => one.Op == "r" && one.Topic == $"{run.Prefix}.public.{table}"));
        // What was sent before a snapshot that starts over, and is gone since, nobody can take back.
        if (read > 0)
            Assert.Equal(Sorted(rows.Select(row => (row.Key.Topic, row.Key.Key, row.Value))), Sorted(Held(events)));
    }

    private static IEnumerable<(string Topic, string Key, string Row)> Held(IEnumerable<DeliveredEvent> events) =>
        from one in events
        group one by (one.Topic, one.Key) into key
        let last = key.MaxBy(one => one.Offset)!
        where last.Op is not ("d" or DeliveredEvent.Tombstone)
        select (key.Key.Topic, key.Key.Key, last.Row);

    private static IEnumerable<string> Sorted(IEnumerable<(string Topic, string Key, string Row)> rows) =>
        rows.Select(row => $"{row}").Order(StringComparer.Ordinal);
}
