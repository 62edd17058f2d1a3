using Npgsql;
using Strangler.Gateway.Shadowing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>Looks at a real primary.</summary>
public sealed class SourcePollTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Look_LoginWithoutRights_SeesTransactionsUnderWayAndTheirCommits()
    {
        var admin = await postgres.CreateDatabaseAsync("look");
        await using var data = NpgsqlDataSource.Create(admin);
        var login = $"looker_{Guid.NewGuid():N}";
        await ExecuteAsync(data, $"create table t (a int); create role {login} login password 'secret'");
        var source = new NpgsqlConnectionStringBuilder(admin) { Username = login, Password = "secret" }.ConnectionString;
        await using var looking = await SourceConnection.OpenAsync(source, TestContext.Current.CancellationToken);
        await using var writing = await data.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await writing.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand("insert into t values (1) returning pg_current_xact_id()::text", writing, transaction);
        var xid = (string)(await insert.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var (during, _) = await looking.LookAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        var (after, clock) = await looking.LookAsync(TestContext.Current.CancellationToken);

        Assert.InRange(clock, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.False(Sees(during.Snapshot, xid));
        Assert.True(Sees(after.Snapshot, xid));
        Assert.True(Lsn(after.Floor) > Lsn(during.End) && Lsn(during.End) >= Lsn(during.Floor));
    }

    [Fact]
    public async Task Poll_ConnectionIsEnded_GoesOnWithANewGeneration()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        await setup.StartGatewayAsync("legacy", ("Gateway:Source", setup.Store), ("ReverseProxy:Routes:availability:Strangler:Stage", "shadow"));
        var poll = setup.Gateway.Source;
        await GatewaySetup.UntilAsync(() => poll.Kept() is not null, "the source is looked at");
        var first = poll.Kept()!.Value.Newest;
        await using var data = NpgsqlDataSource.Create(setup.Store);

        await ExecuteAsync(data, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'strangler gateway' and query like '%pg_current_snapshot%'");
        await GatewaySetup.UntilAsync(() => poll.Kept()!.Value.Newest.Generation > first.Generation, "another connection is opened");

        Assert.True(poll.Kept()!.Value.Oldest.Sent > first.Received);
        Assert.Null(poll.Trouble);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>PostgreSQL's manual, 9.27.10: what is not below xmax, or among the listed, was under way.</summary>
    private static bool Sees(string snapshot, string xid) => snapshot.Split(':') is [_, var xmax, var under] && ulong.Parse(xid, null) < ulong.Parse(xmax, null) && !under.Split(',').Contains(xid);

    private static ulong Lsn(string text) => (Convert.ToUInt64(text.Split('/')[0], 16) << 32) | Convert.ToUInt64(text.Split('/')[1], 16);
}
