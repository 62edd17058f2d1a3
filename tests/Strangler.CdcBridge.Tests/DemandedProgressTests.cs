using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// A reader asks through the store, and the log's end moves at once. Nothing else moves it here: heartbeats, progress
/// and looks come once an hour.
/// </summary>
public sealed class DemandedProgressTests(PostgresFixture postgres)
{
    private static readonly BridgeTimings Rare = RunningBridge.Timings with
    {
        Heartbeat = TimeSpan.FromHours(1),
        Progress = TimeSpan.FromHours(1),
        Watch = TimeSpan.FromHours(1),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wish_AfterWritesThatNobodyPublishes_MovesTheLogPastThem()
    {
        await using var source = await CreateAsync();
        await using var bridge = await StartAsync(source);

        await source.ExecuteAsync("insert into unpublished select generate_series(1, 1000)");

        await PassedAsync(source, bridge, await InsertLsnAsync(source));
    }

    [Fact]
    public async Task Wish_AfterACommitThatIsNotOnDisk_MovesTheLogPastIt()
    {
        await using var source = await CreateAsync();
        await using var bridge = await StartAsync(source);

        await source.ExecuteAsync("set synchronous_commit = off; insert into item values (7)");
        var wanted = await InsertLsnAsync(source);

        await PassedAsync(source, bridge, wanted);
        var records = await bridge.RecordsAsync(records => TableReplay.Of(records, "shop.public.item").Rows.Length > 0);
        Assert.Equal("""{"id":7}""", TableReplay.Of(records, "shop.public.item").Rows);
    }

    [Fact]
    public async Task Wish_WhileATransactionIsOpen_MovesTheLogPastTheOthers()
    {
        await using var source = await CreateAsync();
        await using var bridge = await StartAsync(source);
        await using var session = await source.Data.OpenConnectionAsync(Cancel);
        await using var transaction = await session.BeginTransactionAsync(Cancel);
        await using var write = new NpgsqlCommand(
            "insert into item select generate_series(100, 20000)",
            session,
            transaction
        );
        await write.ExecuteNonQueryAsync(Cancel);

        await source.ExecuteAsync("insert into item values (7)");

        await PassedAsync(source, bridge, await InsertLsnAsync(source));
    }

    [Fact]
    public async Task Wish_CatalogueIsInOrder_IsAnsweredWithASnapshotAndNotAfterAnAlteration()
    {
        await using var source = await CreateAsync();
        await using var bridge = await StartAsync(source);
        var looks = new List<CatalogueLook>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var hearing = new ChannelListener(source.Data, TimeProvider.System).RunAsync(
            [CatalogueLook.Channel],
            Hear,
            stop.Token
        );

        await WishUntilAsync(source, () => Count() > 0);
        await source.ExecuteAsync("alter table item add column extra int default 5");
        var altered = await source.ScalarAsync<string>("select pg_snapshot_xmax(pg_current_snapshot())::text");
        await PassedAsync(source, bridge, await InsertLsnAsync(source));

        await stop.CancelAsync();
        await hearing;
        Assert.All(looks, look => Assert.True(Xid(look.Snapshot.Split(':')[1]) < Xid(altered), look.Snapshot));
        Assert.All(looks, look => Assert.Equal(RunningBridge.Prefix, look.Source));

        static ulong Xid(string text) => ulong.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        void Hear(string channel, string payload)
        {
            if (CatalogueLook.TryParse(payload, out var look) && look.Source == RunningBridge.Prefix)
            {
                lock (looks)
                    looks.Add(look);
            }
        }

        int Count()
        {
            lock (looks)
                return looks.Count;
        }
    }

    private async Task<SourceDatabase> CreateAsync() =>
        await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key); create table unpublished (id int primary key);
            do $$ begin
                execute format('alter database %I set logical_decoding_work_mem = ''64kB''', current_database());
            end $$
            """
        );

    /// <summary>The source's own database is the store whose notifications are heard.</summary>
    private static async Task<RunningBridge> StartAsync(SourceDatabase source)
    {
        var bridge = RunningBridge.Start(
            source,
            timings: Rare,
            changes: [("Source:table.include.list", "public.item")]
        );
        await bridge.SaidAsync("The stream of slot");
        return bridge;
    }

    private static async Task PassedAsync(SourceDatabase source, RunningBridge bridge, Lsn wanted)
    {
        Position? end = null;
        await WishUntilAsync(
            source,
            () =>
            {
                end = bridge.Log.ExtentAsync(RunningBridge.Prefix, Cancel).GetAwaiter().GetResult()?.End;
                return end?.Reach >= wanted;
            },
            wanted,
            () => $"It ends at {end}. {bridge.Said}"
        );
    }

    /// <summary>A wish is repeated, since the bridge may not hear it yet.</summary>
    private static async Task WishUntilAsync(
        SourceDatabase source,
        Func<bool> holds,
        Lsn wanted = default,
        Func<string>? said = null
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                Assert.Fail($"The log never passed {wanted}. {said?.Invoke()}");
            await source.ExecuteAsync(
                $"select pg_notify('{WantedLsn.Channel}', '{new WantedLsn(RunningBridge.Prefix, wanted)}')"
            );
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancel);
        }
    }

    private static async Task<Lsn> InsertLsnAsync(SourceDatabase source) =>
        Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
}
