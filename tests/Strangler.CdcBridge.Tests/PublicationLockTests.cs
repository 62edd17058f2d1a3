using Npgsql;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Locks in the source, such as those of an index build, of VACUUM or of ANALYZE, delay neither what readers are told
/// nor the heartbeats.
/// </summary>
public sealed class PublicationLockTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reader_WhileTheReloadedTableIsLocked_KnowsThatItIsInDoubtAndTheOthersGoOn()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key); insert into item values (1);
            create schema calm; create table calm.other (id int primary key);
            create schema staging; create table staging.item (id int primary key); insert into staging.item values (7)
            """
        );
        await using var bridge = RunningBridge.Start(
            source,
            changes: ("Source:table.include.list", "public.item,calm.other")
        );
        await bridge.CaughtUpAsync(source);

        await using (var session = await LockAsync(source, "staging.item in share update exclusive mode"))
        {
            // The locked table has the name at once: renaming a schema doesn't lock its tables.
            await source.ExecuteAsync(
                "begin; alter schema public rename to old; alter schema staging rename to public; commit"
            );
            var told = await bridge.RecordsAsync(records =>
                TableReplay.Of(records, "shop.public.item").Why is not null
            );
            await WaitedTwiceAsync(source);
            await source.ExecuteAsync("alter table calm.other add column qty int not null default 5");
            await source.ExecuteAsync("insert into calm.other values (1)");
            var others = await bridge.RecordsAsync(records =>
                TableReplay.Of(records, "shop.calm.other") is { IsInDoubt: false, Rows: """{"id":1,"qty":5}""" }
            );

            Assert.Contains("lacks it", TableReplay.Of(told, "shop.public.item").Why, StringComparison.Ordinal);
            Assert.True(TableReplay.Of(others, "shop.public.item").IsInDoubt);
            Assert.Single(bridge.Said.Lines, line => line.Contains("this failed", StringComparison.Ordinal));
            Assert.Single(bridge.Said.Lines, line => line.Contains("stays in doubt", StringComparison.Ordinal));
            Assert.Empty(bridge.Said.Errors); // the bridge tries again by itself
        }
        var records = await bridge.RecordsAsync(records => !TableReplay.Of(records, "shop.public.item").IsInDoubt);

        Assert.Equal("""{"id":7}""", TableReplay.Of(records, "shop.public.item").ToString());
    }

    [Fact]
    public async Task Heartbeats_WhileTheCatalogueIsLocked_GoOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await using var session = await LockAsync(source, "pg_inherits in access exclusive mode");
        await WaitsAsync(source, "pg_inherits");
        var before = await AtAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit / 3); // a look gives up after 30 s
        var (beats, last) = (0, before);
        while (beats < 3)
        {
            if (await AtAsync() is var at && at != last)
                (beats, last) = (beats + 1, at);
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.True(last > before);

        // The source's clock at its last commit: nobody else commits in this database.
        async Task<DateTimeOffset> AtAsync() => (await bridge.Log.ExtentAsync(RunningBridge.Prefix, Cancel))!.At;
    }

    /// <summary>A session that holds a lock until it ends.</summary>
    private static async Task<NpgsqlConnection> LockAsync(SourceDatabase source, string what)
    {
        var session = await source.Data.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand($"begin; lock table {what}", session);
        await command.ExecuteNonQueryAsync(Cancel);
        return session;
    }

    /// <summary>Returns when the bridge has waited for the table's lock, given up, and waited again.</summary>
    private static async Task WaitedTwiceAsync(SourceDatabase source)
    {
        var first = await WaitsAsync(source, "public.item");
        while (await WaitsAsync(source, "public.item") == first)
            Cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Returns when a session waits for a lock on the relation, with the start time of the wait.</summary>
    private static async Task<DateTime> WaitsAsync(SourceDatabase source, string relation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        while (true)
        {
            var since = await source.ScalarAsync<object>(
                $"""
                select max(waitstart)
                from pg_locks
                where not granted and relation = '{relation}'::regclass
                    and database = (select oid from pg_database where datname = current_database())
                """
            );
            if (since is DateTime at)
                return at;
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
