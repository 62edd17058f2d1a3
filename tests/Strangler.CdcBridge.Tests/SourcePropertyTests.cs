using System.Text.Json;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using Strangler.CdcBridge.Snapshots;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The connector's properties that prepare the source: sessions, slot, publication, identities.</summary>
public sealed class SourcePropertyTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Every ordinary session has what the statements set, also after it was returned to its pool; what the bridge
    /// reads doesn't change by them.
    /// </summary>
    [Fact]
    public async Task RunAsync_InitialStatements_RunInEachSessionAndChangeNoEvent()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, at date); insert into item values (1, '2024-03-01')"
        );
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            ("database.initial.statements", "set datestyle = 'German'; set application_name = 'of;;mine'"),
            ("time.precision.mode", "isostring")
        );
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync("create table later (id int primary key); insert into item values (2, '2024-03-02')");
        var records = await bridge.CaughtUpAsync(source);

        var sessions = await source.ScalarAsync<long>(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and application_name = 'of;mine'
            """
        );
        var others = await source.ScalarAsync<long>(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and application_name like 'strangler bridge%'
            """
        );

        Assert.True(sessions > 1, $"{sessions}");
        Assert.Equal(0, others);
        Assert.Equal(
            ["2024-03-01Z", "2024-03-02Z"],
            Rows(records, "item").Select(row => row.GetProperty("at").GetString())
        );
    }

    /// <summary>Neither the statement nor what the server says of it is shown: they may have secrets.</summary>
    [Fact]
    public async Task RunAsync_InitialStatementThatIsRefused_IsAFaultWithoutItsText()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            ("database.initial.statements", "select 1; select 'hunter2'::int")
        );

        var stopped = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        var fault = Assert.Single(stopped.Faults);
        Assert.Equal("Source:database.initial.statements", fault.Path);
        Assert.StartsWith(
            "The server refuses statement 2 of 2 (SQLSTATE 22P02).",
            fault.Problem,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("hunter2", $"{fault} {bridge.Said}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FailoverSlotOnAnOlderServer_GetsAnOrdinaryOneAndSaysSo()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var major = await source.ScalarAsync<int>("select current_setting('server_version_num')::int / 10000");
        Assert.SkipWhen(major >= SlotPlugin.FirstMajor, "The server has failover slots.");
        await using var bridge = RunningBridge.StartAsConnector(source, ("slot.failover", "true"));

        await bridge.CaughtUpAsync(source);

        await bridge.SaidAsync($"is created without slot.failover: the server is PostgreSQL {major}");
        Assert.True((await source.SlotAsync()).Confirmed > Lsn.Zero);
    }

    /// <summary>
    /// That Npgsql sends the options with the plugin's name is what a failover slot depends on; an older server knows
    /// one of them.
    /// </summary>
    [Fact]
    public async Task Text_OptionsWithThePlugin_ReachTheServer()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "select 1");
        await using var connection = new LogicalReplicationConnection(source.ConnectionString);
        await connection.Open(Cancellation);
        var major = connection.PostgreSqlVersion.Major;
        var text = SlotPlugin.Text(isFailover: true);

        var made = await connection.CreateLogicalReplicationSlot(
            source.Slot,
            major >= SlotPlugin.FirstMajor ? text : text.Replace(", FAILOVER true", "", StringComparison.Ordinal),
            isTemporary: true,
            cancellationToken: Cancellation
        );

        Assert.Equal("pgoutput (SNAPSHOT 'export', FAILOVER true)", text);
        Assert.NotNull(new PgOutputReplicationSlot(made).SnapshotName);
    }

    [Theory]
    [InlineData("filtered", "public.root")]
    [InlineData("all_tables", null)]
    public async Task RunAsync_ViaPartitionRoot_PublicationThatItCreatesHasPartitionsUnderTheirRoot(
        string mode,
        string? included
    )
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table root (id int primary key) partition by range (id);
            create table leaf partition of root default
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            [
                ("publish.via.partition.root", "true"),
                ("publication.autocreate.mode", mode),
                .. included is null ? [] : new[] { ("table.include.list", included) },
            ]
        );
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("insert into root values (1)");
        var records = await bridge.CaughtUpAsync(source);

        Assert.True(await source.ScalarAsync<bool>("select pubviaroot from pg_publication"));
        Assert.Single(Rows(records, "root"));
        Assert.Empty(Rows(records, "leaf"));
    }

    /// <summary>A table whose identity is right isn't locked; one that can't be changed is named.</summary>
    [Fact]
    public async Task RunAsync_Identities_AreSetWhereTheyDiffer()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table a (id int primary key); create table b (id int primary key, code text not null);
            create unique index b_code on b (code); create table c (id int primary key);
            alter table c replica identity full; create table d (id int); create table e (id int primary key);
            create table f (id int primary key)
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            ("publication.autocreate.mode", "filtered"),
            (
                "replica.identity.autoset.values",
                "public.[ad]:FULL,public.b:INDEX b_code,public.c:default,public.e:INDEX none,public.absent:FULL"
            )
        );
        await bridge.CaughtUpAsync(source);

        var identities = await source.ScalarAsync<string>(
            """
            select string_agg(relname || ':' || relreplident::text, ' ' order by relname) from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace
            """
        );

        Assert.Equal("a:f b:i c:d d:f e:d f:d", identities);
        Assert.Single(
            bridge.Said.Errors,
            line => line.Contains("The replica identity of 'public.e' stays", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            bridge.Said.Lines,
            line => line.Contains("identity of 'public.f'", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("public.d:DEFAULT", "UPDATE and DELETE of the table 'public.d' itself would fail")]
    [InlineData("public.a:FULL,public..:DEFAULT", "2 of its entries match the table 'public.a'.")]
    public async Task RunAsync_IdentitiesThatCannotBe_AreAFaultAndNothingIsSet(string values, string problem)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table a (id int primary key); create table d (id int); alter table d replica identity full"
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("replica.identity.autoset.values", values));

        var stopped = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains(stopped.Faults, fault => fault.Problem.Contains(problem, StringComparison.Ordinal));
        Assert.Equal('f', await source.ScalarAsync<char>("select relreplident from pg_class where relname = 'd'"));
        Assert.Equal('d', await source.ScalarAsync<char>("select relreplident from pg_class where relname = 'a'"));
    }

    /// <summary>The slot's xmin in events of the stream; those of the snapshot have none.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    public async Task RunAsync_XminInterval_EventsOfTheStreamHaveTheSlotsXmin(string interval)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item values (1)"
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("xmin.fetch.interval.ms", interval));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("insert into item values (2)");
        var records = await bridge.CaughtUpAsync(source);

        var xmins = records
            .Where(record => record.Kind == LogRecordKind.Data)
            .Select(record => Parsed(record).GetProperty("source").GetProperty("xmin"))
            .ToList();
        Assert.Equal(JsonValueKind.Null, xmins[0].ValueKind);
        Assert.Equal(interval == "0" ? JsonValueKind.Null : JsonValueKind.Number, xmins[1].ValueKind);
        if (interval != "0")
            Assert.InRange(
                xmins[1].GetInt64(),
                1,
                await source.ScalarAsync<long>("select txid_current() & 4294967295")
            );
    }

    /// <summary>Messages in a transaction are collections of their own there: their list has a limit.</summary>
    [Fact]
    public async Task RunAsync_ManyMessagesInATransaction_AreCountedAndNotAllListed()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.StartAsConnector(source, ("provide.transaction.metadata", "true"));
        await bridge.CaughtUpAsync(source);

        await source.ScalarAsync<long>(
            "select count(pg_logical_emit_message(true, 'mine', 'm')) from generate_series(1, 1500)"
        );
        await source.ExecuteAsync("insert into item values (1)");
        var records = await bridge.CaughtUpAsync(source);

        var ends = records
            .Where(record => record.Kind == LogRecordKind.Transaction)
            .Select(Parsed)
            .Where(value => value.GetProperty("status").GetString() == "END")
            .Select(value =>
                (value.GetProperty("event_count").GetInt64(), value.GetProperty("data_collections").GetArrayLength())
            );
        Assert.Equal([(1500, 1000), (1, 1)], ends);
        Assert.Single(
            bridge.Said.Lines,
            line => line.Contains("counts 500 logical messages", StringComparison.Ordinal)
        );
    }

    private static IEnumerable<JsonElement> Rows(IReadOnlyList<LogRecord> records, string table) =>
        records
            .Where(record => record.Kind == LogRecordKind.Data && record.Topic == $"shop.public.{table}")
            .Select(record => Parsed(record).GetProperty("after"));

    private static JsonElement Parsed(LogRecord record) => JsonDocument.Parse(record.Value!).RootElement;
}
