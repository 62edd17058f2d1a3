using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog;
using Strangler.Demo.Postgres;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Tests that need a server of their own.</summary>
public sealed class ServerTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_ServerCrashesAndStartsAgain_GoesOnWithNothingTwice()
    {
        await using var server = await StartAsync(new Dictionary<string, string>());
        await using var source = await SourceDatabase.OpenAsync(
            await server.CreateDatabaseAsync("shop", TestContext.Current.CancellationToken),
            "create table item (id int primary key)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        // The slot on disk is confirmed through its last flush; what follows is acknowledged in memory only. The server
        // flushes it by itself every 15 s or so, so this is repeated in case it has just done that.
        var (id, again) = (0, false);
        for (var crash = 0; crash < 5 && !again; crash++)
        {
            await source.ExecuteAsync("checkpoint");
            // A checkpoint's running-transactions record moves the slot's restart point, which flushes the slot once
            // more, as soon as it is confirmed up to there.
            await ConfirmedBehindAsync(
                source,
                Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"))
            );
            for (var until = id + 20; id < until; )
                await source.ExecuteAsync($"insert into item values ({++id})");
            var commits = (await bridge.CaughtUpAsync(source))
                .Where(record => record.Kind == LogRecordKind.Data)
                .Select(record => record.Position.Commit)
                .ToHashSet();
            var confirmed = await ConfirmedBehindAsync(source, commits.Max());

            await server.StopAsync(immediate: true, TestContext.Current.CancellationToken);
            await server.StartAgainAsync(TestContext.Current.CancellationToken);
            source.Data.Clear();
            await source.ExecuteAsync($"insert into item values ({++id})");
            var last = id;
            await bridge.RecordsAsync(records =>
                records.Any(record => Written.Of(record).Contains($$"""{"id":{{last}}}""", StringComparison.Ordinal))
            );
            // Everything that was written was confirmed before the crash, so what is sent again proves that the server
            // had forgotten it.
            again = bridge
                .Said.Lines.Where(line => line.Contains("sends again", StringComparison.Ordinal))
                .Select(line => Lsn.Parse(line.Trim().TrimEnd('.').Split(' ')[^1]))
                .Any(commit => commit < confirmed);
        }

        Assert.True(again, $"The server never sent again what had been acknowledged.\n{bridge.Said}");
        Assert.Equal(
            [.. Enumerable.Range(1, id).Select(id => $$"""c item {"id":{{id}}} null {"id":{{id}}}""")],
            Written.All((await bridge.RecordsAsync(_ => true)).Where(record => record.Kind == LogRecordKind.Data))
        );
        Assert.Equal(
            1,
            (await bridge.Log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!
                .End!
                .Value
                .Epoch
        );
    }

    private static async Task<Lsn> ConfirmedBehindAsync(SourceDatabase source, Lsn commit)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var confirmed = Lsn.Parse(
                await source.ScalarAsync<string>(
                    $"select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '{source.Slot}'"
                )
            );
            if (confirmed > commit)
                return confirmed;
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task CheckAsync_WalLevelIsNotLogical_IsAFault()
    {
        await using var server = await StartAsync(new Dictionary<string, string> { ["wal_level"] = "replica" });
        await using var source = await SourceDatabase.OpenAsync(
            await server.CreateDatabaseAsync("shop", TestContext.Current.CancellationToken),
            "create table item (id int primary key)"
        );

        var faults = await BridgeCheck.CheckAsync(
            new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build(),
            TestContext.Current.CancellationToken
        );
        await using var bridge = RunningBridge.Start(source);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );

        Assert.Contains("wal_level is 'replica'", Assert.Single(faults).Problem, StringComparison.Ordinal);
        Assert.Contains("ALTER SYSTEM", fault.Message, StringComparison.Ordinal);
    }

    private Task<PostgresServer> StartAsync(Dictionary<string, string> settings)
    {
        _ = postgres.Server; // skips, with the reason, where there are no server programs
        return PostgresServer.StartAsync(
            PostgresPrograms.Find()!,
            settings,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
    }
}
