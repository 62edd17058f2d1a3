using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Gateway.Health;
using Strangler.Gateway.Shadowing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>Looks at a real primary.</summary>
public sealed class SourcePollTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_LoginWithoutRights_SeesTransactionsUnderWayAndTheirCommits()
    {
        var admin = await postgres.CreateDatabaseAsync("look");
        await using var data = NpgsqlDataSource.Create(admin);
        var login = $"looker_{Guid.NewGuid():N}";
        await ExecuteAsync(data, $"create table t (a int); create role {login} login password 'secret'");
        var source = new NpgsqlConnectionStringBuilder(admin)
        {
            Username = login,
            Password = "secret",
        }.ConnectionString;
        await using var looking = await SourceConnection.OpenAsync(source, TestContext.Current.CancellationToken);
        await using var writing = await data.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await writing.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var insert = new NpgsqlCommand(
            "insert into t values (1) returning pg_current_xact_id()::text",
            writing,
            transaction
        );
        var xid = (string)(await insert.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        var (during, _) = await looking.LookAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        var (after, clock) = await looking.LookAsync(TestContext.Current.CancellationToken);

        Assert.InRange(
            clock,
            TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(1)
        );
        Assert.False(Sees(during.Snapshot, xid));
        Assert.True(Sees(after.Snapshot, xid));
        Assert.True(after.Floor > during.End && during.End >= during.Floor);
    }

    [Fact]
    public async Task Poll_ConnectionIsEnded_GoesOnWithANewGeneration()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        await setup.StartGatewayAsync(
            "legacy",
            ("Gateway:Source", setup.Store),
            ("ReverseProxy:Routes:availability:Strangler:Stage", "shadow")
        );
        var poll = setup.Gateway.Source;
        await GatewaySetup.UntilAsync(() => poll.Kept() is not null, "the source is looked at");
        var first = poll.Kept()!.Value.Newest;
        await using var data = NpgsqlDataSource.Create(setup.Store);

        await ExecuteAsync(
            data,
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
                + "application_name = 'strangler gateway' and query like '%pg_current%'" // either statement of a look
        );
        await GatewaySetup.UntilAsync(
            () => poll.Kept()!.Value.Newest.Generation > first.Generation,
            "another connection is opened"
        );

        Assert.True(poll.Kept()!.Value.Oldest.Sent > first.Received);
        Assert.Null(poll.Trouble);
    }

    /// <summary>
    /// After a failover the address leads to the new primary, while the old one keeps running and answers over the open
    /// connection.
    /// </summary>
    [Fact]
    public async Task Poll_OldPrimaryLivesOn_LooksAtTheOneThatTheBridgeHasVerified()
    {
        var old = postgres.Server.ConnectionString("postgres");
        await using var next = await PostgresServer.StartAsync(
            PostgresPrograms.Find()!,
            null,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        var verified = await GatewaySetup.VerificationAsync(next.ConnectionString("postgres"));
        await using (var data = NpgsqlDataSource.Create(next.ConnectionString("postgres")))
            await ExecuteAsync(
                data,
                $"alter role postgres password '{new NpgsqlConnectionStringBuilder(old).Password}'"
            );
        await using var relay = new SourceRelay(old);
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        setup.Answers.Put("7", """{"sku":7}""");
        await setup.StartGatewayAsync("lookup", ("Gateway:Source", relay.ConnectionString));
        await AnswersAsync(setup, """{"sku":7}""");

        relay.Port = new NpgsqlConnectionStringBuilder(next.ConnectionString("postgres")).Port;
        setup.Answers.Verification = verified;
        await GatewaySetup.UntilAsync(
            async () =>
                await setup.Client.GetStringAsync(Target, Cancel) == $"legacy {Target}"
                && setup.Counted("availability", "source-unverified") > 0,
            "the old primary is not trusted"
        );

        await AnswersAsync(setup, """{"sku":7}""");
    }

    /// <summary>An answer may take long to arrive: its content was true when it was asked for.</summary>
    [Fact]
    public async Task Poll_AnswerThatTookLong_CountsFromWhenItWasAskedFor()
    {
        var onTheWay = TimeSpan.FromSeconds(100);
        var time = new SkippingTime();
        await using var relay = new SourceRelay(postgres.ConnectionString());
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        setup.Time = time;
        await setup.StartGatewayAsync("lookup", ("Gateway:Source", relay.ConnectionString));
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source is looked at");

        relay.AnswerOnceMore(() => time.Skip(onTheWay));
        await GatewaySetup.UntilAsync(
            () =>
                setup.Gateway.Source.Kept()?.Newest is { } look
                && time.GetElapsedTime(look.Sent, look.Received) >= onTheWay,
            "the answer has come"
        );
        var age = setup.Gateway.Ages.Of(setup.Answers.Watermark!);

        Assert.True(Assert.IsType<WatermarkAge.Known>(age).Age >= onTheWay, $"{age}");
    }

    private static Task AnswersAsync(GatewaySetup setup, string answer) =>
        GatewaySetup.UntilAsync(
            async () => await setup.Client.GetStringAsync(Target, Cancel) == answer,
            $"it answers {answer}"
        );

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// PostgreSQL's manual, 9.27.10: transactions not below xmax, or among the listed, were in progress.
    /// </summary>
    private static bool Sees(string snapshot, string xid) =>
        snapshot.Split(':') is [_, var xmax, var under]
        && ulong.Parse(xid, null) < ulong.Parse(xmax, null)
        && !under.Split(',').Contains(xid);

    /// <summary>Runs like the system's clock, and skips as much as a test wants.</summary>
    private sealed class SkippingTime : TimeProvider
    {
        private long _skipped;

        public void Skip(TimeSpan time) =>
            Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _skipped);
    }
}
