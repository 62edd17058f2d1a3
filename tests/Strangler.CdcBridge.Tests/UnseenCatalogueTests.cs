using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// While the catalogue can't be read, a table may be altered without anybody noticing: the log's end doesn't advance,
/// so that nothing is answered as fresh. It continues by itself.
/// </summary>
public sealed class UnseenCatalogueTests(PostgresFixture postgres)
{
    private const string StandsStill = "the log stops advancing";
    private static readonly BridgeTimings Timings = RunningBridge.Timings with
    {
        LookPatience = TimeSpan.FromSeconds(5),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_WhileFindingsCanNotBeTold_StandsStillAndThenTellsThem()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key); insert into item values (1);
            create table other (id int primary key);
            create table item_new (id int primary key); insert into item_new values (7);
            create publication strangler for table item, other
            """
        );
        var login = $"blind_{source.Name}";
        await source.ExecuteAsync(
            $"create role {login} login replication password 'p'; "
                + $"grant select on all tables in schema public to {login}"
        );
        await using var bridge = RunningBridge.Start(
            source,
            timings: Timings,
            changes:
            [
                ("Source:database.user", login),
                ("Source:database.password", "p"),
                ("Source:publication.autocreate.mode", "disabled"),
                ("Source:table.include.list", "public.item,public.other"),
            ]
        );
        await bridge.SaidAsync("The stream of slot");

        await source.ExecuteAsync(
            "revoke execute on function pg_logical_emit_message(boolean, text, text) from public"
        );
        await source.ExecuteAsync(
            "begin; alter table item rename to item_old; alter table item_new rename to item; commit"
        );
        await bridge.SaidAsync(StandsStill);
        var end = await EndAsync(bridge);
        await source.ExecuteAsync("insert into other values (1)");
        await source.RepliedTwiceAsync();
        var still = await EndAsync(bridge);
        await source.ExecuteAsync("grant execute on function pg_logical_emit_message(boolean, text, text) to public");
        var told = await bridge.RecordsAsync(records => TableReplay.Of(records, "shop.public.item").Why is not null);
        await source.ExecuteAsync("alter publication strangler add table item");
        var records = await bridge.RecordsAsync(records => !TableReplay.Of(records, "shop.public.item").IsInDoubt);

        Assert.Equal(end, still);
        Assert.Contains(
            bridge.Said.Lines,
            line =>
                line.Contains(StandsStill, StringComparison.Ordinal)
                && line.Contains("pg_logical_emit_message", StringComparison.Ordinal)
        );
        Assert.Equal("""{"id":1}""", TableReplay.Of(told, "shop.public.other").Rows);
        Assert.Equal("""{"id":7}""", TableReplay.Of(records, "shop.public.item").ToString());
        Assert.Single(bridge.Said.Lines, line => line.Contains(StandsStill, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_WhileALookWaitsForALock_StandsStillAndGoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source, timings: Timings);
        await bridge.CaughtUpAsync(source);
        // from then on the stream itself doesn't need the catalogue
        await source.ExecuteAsync("insert into item values (0)");
        await bridge.RecordsAsync(records => TableReplay.Of(records, "shop.public.item").Rows.Length > 0);

        Position still,
            end;
        await using (var session = await source.Data.OpenConnectionAsync(Cancel))
        {
            await using var command = new NpgsqlCommand(
                "begin; lock table pg_inherits in access exclusive mode",
                session
            );
            await command.ExecuteNonQueryAsync(Cancel);
            await bridge.SaidAsync(StandsStill);
            end = await EndAsync(bridge);
            await source.ExecuteAsync("insert into item values (1)");
            await source.RepliedTwiceAsync();
            still = await EndAsync(bridge);
        }
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(end, still);
        Assert.Contains(
            bridge.Said.Lines,
            line =>
                line.Contains(StandsStill, StringComparison.Ordinal)
                && line.Contains("'strangler bridge shop'", StringComparison.Ordinal)
        );
        Assert.Contains("""c item {"id":1} null {"id":1}""", Written.All(records));
    }

    private static async Task<Position> EndAsync(RunningBridge bridge) =>
        (await bridge.Log.ExtentAsync(RunningBridge.Prefix, Cancel))!.End!.Value;
}
