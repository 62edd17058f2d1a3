using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The store refuses while the bridge runs: the message names the store, never the source.</summary>
public sealed class StoreRefusalTests(PostgresFixture postgres)
{
    private const string Full = "could not extend file: No space left on device";

    [Theory]
    [InlineData("42501", "permission denied for table segment", "is not permitted")]
    [InlineData("25006", "cannot execute UPDATE in a read-only transaction", "takes no writes")]
    [InlineData("53100", Full, "has no room left")]
    public async Task RunAsync_StoreRefusesAnAppend_IsAFaultOfTheStore(string state, string message, string sentence)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var store = await StoreAsync();
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var bridge = RunningBridge.Start(
            source,
            log,
            RunningBridge.Timings with
            {
                StorePatience = TimeSpan.FromMilliseconds(500),
                MaxBackoff = TimeSpan.FromMilliseconds(200),
            }
        );
        await bridge.CaughtUpAsync(source);

        await RefuseAsync(store, state, message);
        await source.ExecuteAsync("insert into item values (1)");
        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );

        var fault = Assert.Single(exception.Faults);
        Assert.Equal("Store:ConnectionString", fault.Path);
        Assert.Contains(sentence, fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", bridge.Said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Each call of the log that a bridge makes, refused from the start: opening the appender, discarding an unfinished
    /// snapshot, retention determining what it may drop.
    /// </summary>
    [Theory]
    [InlineData("update of appender on log.source for each row when (old.appender <> new.appender)")]
    [InlineData("update of \"offset\" on log.source for each row when (old.\"offset\" is null)")]
    [InlineData("update of appender on log.source for each row when (old.appender = new.appender)")]
    public async Task RunAsync_StoreRefusesAnotherCall_IsAFaultOfTheStore(string call)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var store = await StoreAsync();
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await RefuseAsync(store, "42501", "permission denied for table source", call);

        await using var bridge = RunningBridge.Start(
            source,
            log,
            RunningBridge.Timings with
            {
                Retention = TimeSpan.FromMilliseconds(1),
            }
        );
        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );

        Assert.Equal("Store:ConnectionString", Assert.Single(exception.Faults).Path);
    }

    [Fact]
    public async Task RunAsync_StoreIsFullForAWhile_GoesOnWithNothingLost()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var store = await StoreAsync();
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        await using var bridge = RunningBridge.Start(source, log);
        await bridge.CaughtUpAsync(source);
        await RefuseAsync(store, "53100", Full);
        await source.ExecuteAsync("insert into item values (1)");
        await bridge.RecordsAsync(_ =>
            bridge.Said.Lines.Any(line => line.Contains("The store fails: The server", StringComparison.Ordinal))
        );

        await using (var command = store.CreateCommand("drop trigger refuse on log.source"))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Contains("""c item {"id":1} null {"id":1}""", Written.All(await bridge.CaughtUpAsync(source)));
    }

    private async Task<NpgsqlDataSource> StoreAsync()
    {
        var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("store"));
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        return store;
    }

    private static async Task RefuseAsync(
        NpgsqlDataSource store,
        string state,
        string message,
        string call = "update on log.source for each row"
    )
    {
        await using var command = store.CreateCommand(
            $"""
            create function refuse() returns trigger language plpgsql as
                $$ begin raise exception '{message}' using errcode = '{state}'; end $$;
            create trigger refuse before {call} execute function refuse()
            """
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
