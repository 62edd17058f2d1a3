using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog;
using Strangler.Demo.Postgres;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What needs a server of its own.</summary>
public sealed class ServerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_ServerCrashesAndStartsAgain_GoesOnWithNothingTwice()
    {
        await using var server = await StartAsync(new Dictionary<string, string>());
        await using var source = await SourceDatabase.OpenAsync(await server.CreateDatabaseAsync("shop", TestContext.Current.CancellationToken), "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync("checkpoint"); // the slot on disk is confirmed through here; what comes next is acknowledged in memory only
        await bridge.CaughtUpAsync(source);
        for (var id = 1; id <= 20; id++) await source.ExecuteAsync($"insert into item values ({id})");
        var commits = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).Select(record => record.Position.Commit).ToHashSet();
        var confirmed = await ConfirmedBehindAsync(source, commits.Max());

        await server.StopAsync(immediate: true, TestContext.Current.CancellationToken);
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        source.Data.Clear();
        await source.ExecuteAsync("insert into item values (21)");
        var records = await bridge.RecordsAsync(records => records.Any(record => Written.Of(record).Contains("""{"id":21}""", StringComparison.Ordinal)));

        Assert.Equal([.. Enumerable.Range(1, 21).Select(id => $$"""c item {"id":{{id}}} null {"id":{{id}}}""")], Written.All(records.Where(record => record.Kind == LogRecordKind.Data)));
        // Everything that was written was confirmed before the crash; what comes again all the same proves that the server had forgotten it.
        var again = bridge.Said.Lines.Where(line => line.Contains("sent again", StringComparison.Ordinal)).Select(line => Lsn.Parse(line.Trim().TrimEnd('.').Split(' ')[^1])).ToList();
        Assert.Contains(again, commit => commits.Contains(commit) && commit < confirmed);
    }

    private static async Task<Lsn> ConfirmedBehindAsync(SourceDatabase source, Lsn commit)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var confirmed = Lsn.Parse(await source.ScalarAsync<string>($"select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '{source.Slot}'"));
            if (confirmed > commit) return confirmed;
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task CheckAsync_WalLevelIsNotLogical_IsAFault()
    {
        await using var server = await StartAsync(new Dictionary<string, string> { ["wal_level"] = "replica" });
        await using var source = await SourceDatabase.OpenAsync(await server.CreateDatabaseAsync("shop", TestContext.Current.CancellationToken), "create table item (id int primary key)");

        var faults = await BridgeCheck.CheckAsync(new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build(), TestContext.Current.CancellationToken);
        await using var bridge = RunningBridge.Start(source);
        var fault = await Assert.ThrowsAsync<FaultException>(() => bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        Assert.Contains("wal_level is 'replica'", Assert.Single(faults).Problem, StringComparison.Ordinal);
        Assert.Contains("ALTER SYSTEM", fault.Message, StringComparison.Ordinal);
    }

    private Task<PostgresServer> StartAsync(Dictionary<string, string> settings)
    {
        _ = postgres.Server; // skips, with the reason, where there are no server programs
        return PostgresServer.StartAsync(PostgresPrograms.Find()!, settings, TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
