using Npgsql;
using Npgsql.Replication;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// A table in doubt can't be read again: the stream continues, the table stays in doubt with the reason and the way
/// out, reported once, and it is read as soon as that is fixed.
/// </summary>
public sealed class TableScanObstacleTests(SmallServer server) : IClassFixture<SmallServer>
{
    private const string Item = "shop.public.item",
        Other = "shop.public.other";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What is done to the server, how it is fixed, and words of the message.</summary>
    public static TheoryData<string, string, string, string> Obstacles =>
        new()
        {
            {
                "select pg_create_logical_replication_slot('more', 'pgoutput')",
                "select pg_drop_replication_slot('more')",
                "all replication slots are in use",
                "Raise max_replication_slots"
            },
            { "walsenders", "walsenders", "max_wal_senders", "end other clients" },
            {
                "alter role {login} noreplication",
                "alter role {login} replication",
                "The server refuses the login",
                "ALTER ROLE \"{login}\" LOGIN REPLICATION"
            },
            {
                "alter role {login} nologin",
                "alter role {login} login",
                "is not permitted to log in",
                "ALTER ROLE \"{login}\" LOGIN REPLICATION"
            },
            {
                "alter role {login} password 'another'",
                "alter role {login} password 'p'",
                "password authentication failed",
                "correct its password"
            },
            {
                "revoke connect on database {database} from public",
                "grant connect on database {database} to public",
                "permission denied for database",
                "GRANT CONNECT ON DATABASE \"{database}\" TO \"{login}\""
            },
        };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task Reading_ThatTheServerRefuses_IsMadeOnceThatIsMendedAndTheStreamGoesOn(
        string harm,
        string fix,
        string problem,
        string wayOut
    )
    {
        await using var source = await CreateAsync("insert into item values (1), (2)");
        string Named(string text) =>
            text.Replace("{login}", Login(source), StringComparison.Ordinal)
                .Replace("{database}", source.Name, StringComparison.Ordinal);
        await using var bridge = await StartAsync(source, new InMemoryChangeLog(TimeProvider.System));

        var walsenders = harm == "walsenders" ? await TakeWalsendersAsync(source) : [];
        if (walsenders.Count == 0)
            await source.ExecuteAsync(Named(harm));
        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        await bridge.RecordsAsync(_ => HasSaid(bridge, "can't be read again so far"));
        for (var id = 2; id <= 6; id++)
        {
            await source.ExecuteAsync($"insert into other values ({id})");
            await bridge.CaughtUpAsync(source);
        }

        var records = await bridge.RecordsAsync(_ => true);
        var why = TableReplay.Of(records, Item).Why;
        Assert.Contains(problem, why, StringComparison.Ordinal);
        Assert.Contains(Named(wayOut), why, StringComparison.Ordinal);
        Assert.Equal(
            """{"id":1} {"id":2} {"id":3} {"id":4} {"id":5} {"id":6}""",
            TableReplay.Of(records, Other).ToString()
        );
        Assert.True(TableReplay.Of(records, Item).IsInDoubt);

        foreach (var walsender in walsenders)
            await walsender.DisposeAsync();
        if (walsenders.Count == 0)
            await source.ExecuteAsync(Named(fix));
        records = await bridge.RecordsAsync(records => !TableReplay.Of(records, Item).IsInDoubt);

        Assert.Equal("""{"id":1,"qty":5} {"id":2,"qty":5}""", TableReplay.Of(records, Item).ToString());
        Assert.Single(bridge.Said.Lines, line => line.Contains("can't be read again so far", StringComparison.Ordinal));
        Assert.Single(records, record => record.Kind == LogRecordKind.TableDoubt);
        Assert.Single(bridge.Said.Lines, line => line.Contains("The stream of slot", StringComparison.Ordinal));
    }

    /// <summary>
    /// Another table is altered in the meantime: it is in doubt within the watch's next looks, and both are read in the
    /// end.
    /// </summary>
    [Fact]
    public async Task Reading_PutOff_AnotherTableAlteredMeanwhile_IsInDoubtToo()
    {
        await using var source = await CreateAsync("insert into item values (1)");
        await using var bridge = await StartAsync(source, new InMemoryChangeLog(TimeProvider.System));
        await source.ExecuteAsync("select pg_create_logical_replication_slot('more', 'pgoutput')");
        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        await bridge.RecordsAsync(records => TableReplay.Of(records, Item).Why is not null);

        await source.ExecuteAsync("alter table other add column qty int not null default 7");
        await bridge.RecordsAsync(records => TableReplay.Of(records, Other).IsInDoubt);
        await source.ExecuteAsync("select pg_drop_replication_slot('more')");
        var records = await bridge.RecordsAsync(records =>
            !TableReplay.Of(records, Item).IsInDoubt && !TableReplay.Of(records, Other).IsInDoubt
        );

        Assert.Equal("""{"id":1,"qty":5}""", TableReplay.Of(records, Item).ToString());
        Assert.Equal("""{"id":1,"qty":7}""", TableReplay.Of(records, Other).ToString());
    }

    /// <summary>The bridge ends while a table waits to be read: the next one reads it.</summary>
    [Fact]
    public async Task Reading_PutOffWhenTheBridgeEnds_IsMadeByTheNext()
    {
        await using var source = await CreateAsync("insert into item values (1)");
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = await StartAsync(source, log))
        {
            await source.ExecuteAsync("select pg_create_logical_replication_slot('more', 'pgoutput')");
            await source.ExecuteAsync("alter table item add column qty int not null default 5");
            await first.RecordsAsync(records => TableReplay.Of(records, Item).Why is not null);
            await first.StopAsync();
        }
        await source.ExecuteAsync("select pg_drop_replication_slot('more')");

        await using var second = await StartAsync(source, log);
        var records = await second.RecordsAsync(records => !TableReplay.Of(records, Item).IsInDoubt);

        Assert.Equal("""{"id":1,"qty":5}""", TableReplay.Of(records, Item).ToString());
    }

    /// <summary>
    /// Half of the rows are in the log, invisibly, when the statement that reads them is cancelled: no ghost stays.
    /// </summary>
    [Theory]
    [InlineData("pg_cancel_backend")]
    [InlineData("pg_terminate_backend")]
    public async Task Reading_EndedHalfWay_IsMadeAgainAndTheStreamGoesOn(string end)
    {
        await using var source = await CreateAsync(
            """
            alter table item add column name text;
            insert into item select g, repeat('x', 4000) from generate_series(1, 8000) g
            """
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using var bridge = await StartAsync(source, log);
        var ended = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        log.HoldBehind(
            append => append.Through is null,
            async () =>
            {
                // Here, since rows deleted before the reading's point would come in such appends themselves.
                await source.ExecuteAsync("delete from item where id > 3");
                await source.ExecuteAsync("update item set name = 'n'");
                ended.SetResult(
                    await source.ScalarAsync<long>(
                        $"""
                        select count({end}(pid))
                        from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()
                            and query like 'copy (select%' and state = 'active'
                        """
                    )
                );
            }
        );

        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        Assert.Equal(1, await ended.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancel));
        var records = await bridge.RecordsAsync(records =>
            records.Count(record => record is { Kind: LogRecordKind.TableRead, Topic: Item }) == 2
        );

        Assert.Equal(
            """{"id":1,"name":"n","qty":5} {"id":2,"name":"n","qty":5} {"id":3,"name":"n","qty":5}""",
            TableReplay.Of(records, Item).ToString()
        );
        Assert.Single(bridge.Said.Lines, line => line.Contains("The stream of slot", StringComparison.Ordinal));
        Assert.Single(bridge.Said.Lines, line => line.Contains("can't be read again so far", StringComparison.Ordinal));
    }

    /// <summary>Nothing streams yet, so nothing has to continue: a person is told at once.</summary>
    [Fact]
    public async Task RunAsync_NoSlotAtAFirstStart_IsAFault()
    {
        await using var source = await CreateAsync("insert into item values (1)");
        await source.ExecuteAsync(
            "select pg_create_logical_replication_slot(slot, 'pgoutput') from unnest(array['more', 'most']) slot"
        );

        await using var bridge = RunningBridge.Start(source);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancel)
        );

        Assert.Contains(
            "all replication slots are in use. Raise max_replication_slots",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    private static bool HasSaid(RunningBridge bridge, string words) =>
        bridge.Said.Lines.Any(line => line.Contains(words, StringComparison.Ordinal));

    private static string Login(SourceDatabase source) => $"lean_{source.Name}";

    private static async Task<IReadOnlyList<LogicalReplicationConnection>> TakeWalsendersAsync(SourceDatabase source)
    {
        var taken = new List<LogicalReplicationConnection>();
        while (true)
        {
            var connection = new LogicalReplicationConnection(source.ConnectionString);
            try
            {
                await connection.Open(Cancel);
                taken.Add(connection);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                if (taken.Count >= 2)
                    return taken; // the stream has the third; one of the snapshot may still be ending
            }
        }
    }

    /// <summary>Two tables, and a login with no more rights than it needs.</summary>
    private async Task<SourceDatabase> CreateAsync(string sql)
    {
        var database = await server.CreateDatabaseAsync($"reading_{Guid.NewGuid():N}"[..20]);
        var source = await SourceDatabase.OpenAsync(
            database,
            """
            create table item (id int primary key);
            create table other (id int primary key); insert into other values (1)
            """
        );
        await source.ExecuteAsync(
            $"""
            {sql};
            create role {Login(source)} login replication password 'p'; grant select on item, other to {Login(source)};
            create publication strangler for table item, other
            """
        );
        return source;
    }

    /// <summary>It streams, and has learned both tables.</summary>
    private static async Task<RunningBridge> StartAsync(SourceDatabase source, IChangeLog log)
    {
        var bridge = RunningBridge.Start(
            source,
            log,
            RunningBridge.Timings with
            {
                MaxBackoff = TimeSpan.FromMilliseconds(200),
            },
            ("Source:database.user", Login(source)),
            ("Source:database.password", "p"),
            ("Source:publication.autocreate.mode", "disabled")
        );
        await source.ExecuteAsync("update other set id = id where id = 1");
        await bridge.CaughtUpAsync(source);
        await bridge.RecordsAsync(_ => HasSaid(bridge, "The stream of slot"));
        await source.ExecuteAsync("update other set id = id where id = 1");
        await bridge.CaughtUpAsync(source);
        return bridge;
    }
}
