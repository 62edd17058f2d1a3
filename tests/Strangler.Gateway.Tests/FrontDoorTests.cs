using System.Net;
using System.Net.Sockets;
using Npgsql;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Store;
using Strangler.Gateway.Admin;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>
/// The gateway serves from the first second, whatever the store, the source and the projections do: plain and legacy
/// routes don't need them.
/// </summary>
public sealed class FrontDoorTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A store that refuses, hangs or has another version at the start. That it doesn't delay serving beyond a limit is
    /// held by <see cref="FirstStageReadTests"/>.
    /// </summary>
    [Theory]
    [InlineData("refuses", "No PostgreSQL answers at")]
    [InlineData("hangs", "")] // the message depends on how long it has hung
    [InlineData("wrong password", "refused the login 'nobody'")]
    [InlineData("no database", "The database 'nowhere' does not exist")]
    [InlineData("not migrated", "Run 'strangler migrate'.")]
    [InlineData("newer", "which is newer than the")]
    public async Task Start_FaultOfTheStore_ServesAndSaysIt(string fault, string sentence)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // accepts connections and never answers
        silent.Start();
        await using var setup = new GatewaySetup
        {
            Store = await StoreAsync(fault, silent),
            Upstream = await Upstream.EchoAsync(),
            StorePatience = null,
        };
        setup.Answers.Put("7", """{"sku":7}""");

        await setup.StartGatewayAsync("lookup");
        var stranglerRoute = await setup.Client.GetStringAsync(Target, Cancellation);
        var plainRoute = await setup.Client.GetStringAsync("/anything", Cancellation);
        await GatewaySetup.UntilAsync(
            () =>
                setup.Gateway.Stages.Current.Trouble is { } trouble
                && trouble.Contains(sentence, StringComparison.Ordinal),
            "the store's fault is said"
        );
        var (routes, health) = (
            await setup.Admin.RoutesAsync(Cancellation),
            await setup.Admin.HealthAsync(Cancellation)
        );

        Assert.Equal(($"legacy {Target}", "legacy /anything"), (stranglerRoute, plainRoute));
        Assert.Contains(sentence, routes.StoreTrouble, StringComparison.Ordinal);
        Assert.Contains(sentence, health.StoreTrouble, StringComparison.Ordinal);
        Assert.Equal("serving", health.Status);
    }

    /// <summary>
    /// The store's fault is fixed while the gateway runs, which takes the stages as soon as it can read them.
    /// </summary>
    [Fact]
    public async Task Start_StoreMigratedLater_StagesAreTakenOverWithoutARestart()
    {
        await using var setup = new GatewaySetup
        {
            Store = await postgres.CreateDatabaseAsync("late"),
            Upstream = await Upstream.EchoAsync(),
        };
        setup.Answers.Put("7", """{"sku":7}""");
        await setup.StartGatewayAsync("lookup");
        Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));

        await setup.MigrateAsync();
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Stages.StageOf("availability") == Stage.Lookup,
            "the stages are read"
        );

        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, Cancellation));
        Assert.Null((await setup.Admin.RoutesAsync(Cancellation)).StoreTrouble);
    }

    [Fact]
    public async Task Start_PortOfTheAdminApiTaken_ServesAndTakesThePortWhenItIsFree()
    {
        var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        using var log = new Forwarding.KeptLog();
        setup.Loggers = log;

        await setup.StartGatewayAsync("legacy", ("Gateway:Admin", address));
        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        other.Stop();

        Assert.Equal($"legacy {Target}", answer);
        var routes = await EventuallyAsync(setup.Admin);
        Assert.Equal(2, routes.Routes.Count);
        Assert.Contains(
            log.Lines,
            line =>
                line.Contains(
                    "A program that holds the address receives the token of everyone who calls",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Start_ProjectionsNotLoaded_TheirRoutesAreTheCallGraphsAndPromotingSaysWhy()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        await setup.Admin.ForceStageAsync("availability", "lookup", "Ada", "why", Cancellation);
        setup.Parts.SetGatewayFaults(["Projections:Assemblies:0: The file is not a .NET assembly."]);
        setup.AreProjectionsLoaded = false;

        await setup.StartGatewayAsync();
        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        var routes = await setup.Admin.RoutesAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<Foundation.Faults.FaultException>(() =>
            setup.Admin.ForceStageAsync("availabilities", "lookup", "Ada", "why", Cancellation)
        );

        Assert.Equal($"legacy {Target}", answer);
        Assert.Equal(["Projections:Assemblies:0: The file is not a .NET assembly."], routes.GatewayFaults);
        Assert.Equal(
            ("legacy", "lookup"),
            (
                routes.Routes.Single(route => route.Route == "availability").Stage,
                routes.Routes.Single(route => route.Route == "availability").StoredStage
            )
        );
        Assert.Contains(
            "The projection 'ItemAvailability' of the route 'availabilities' is not loaded here",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A compared route is still answered while its source is down, at the start and later.</summary>
    [Fact]
    public async Task Start_SourceDown_ShadowRouteIsAnswered()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "shadow",
            start: true,
            ("Gateway:Source", "Host=127.0.0.1;Port=1;Username=looker;Password=pa55word;Database=shop")
        );

        var answer = await setup.Client.GetStringAsync(Target, Cancellation);
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Trouble is not null, "the source's fault is said");

        Assert.Equal($"legacy {Target}", answer);
        Assert.Contains(
            "No PostgreSQL answers at '127.0.0.1:1'",
            (await setup.Admin.HealthAsync(Cancellation)).SourceTrouble,
            StringComparison.Ordinal
        );
    }

    /// <summary>The store fails while the gateway runs: the last known stages stay.</summary>
    [Theory]
    [InlineData("alter schema gateway rename to elsewhere", "alter schema elsewhere rename to gateway")]
    [InlineData(
        "update public.strangler_schema set version = 999 where room = 'gateway'",
        "update public.strangler_schema set version = 3 where room = 'gateway'"
    )]
    [InlineData("drop table gateway.route", null)]
    public async Task Running_StoreChangesUnderWay_RoutesGoOnInTheLastStagesKnown(string breaks, string? fixes)
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "lookup");
        setup.Answers.Put("7", """{"sku":7}""");
        await using var data = NpgsqlDataSource.Create(setup.Store);

        await ExecuteAsync(data, breaks);
        await setup.Gateway.Poll.RefreshAsync(Cancellation);
        var (lookedUp, plain) = (
            await setup.Client.GetStringAsync(Target, Cancellation),
            await setup.Client.GetStringAsync("/anything", Cancellation)
        );
        if (fixes is not null)
            await ExecuteAsync(data, fixes);
        var repaired = await setup.Gateway.Poll.RefreshAsync(Cancellation);

        Assert.Equal(("""{"sku":7}""", "legacy /anything"), (lookedUp, plain));
        Assert.Equal(fixes is not null, repaired);
    }

    [Fact]
    public async Task Parts_ToldByWhoeverStartsThem_StandInRoutesAndHealth()
    {
        var at = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());

        setup.Parts.Hear(
            PartState.ToLine([
                new("bridge", IsRunning: false, at, 2, ["slot 'strangler': It was dropped."], at.AddSeconds(30))
                {
                    LastError = new(at, "It waits."),
                },
            ])
        );
        setup.Parts.Hear("noise");
        setup.Parts.Hear("[{}]");
        setup.Parts.Hear("""[{"part":"bridge","faults":[],"lastError":{}}]""");
        var (routes, health) = (
            await setup.Admin.RoutesAsync(Cancellation),
            await setup.Admin.HealthAsync(Cancellation)
        );

        foreach (var parts in new[] { routes.Parts, health.Parts })
        {
            var part = Assert.Single(parts);
            Assert.Equal(
                ("bridge", false, at, 2, at.AddSeconds(30)),
                (part.Part, part.IsRunning, part.Since, part.ExitCode, part.NextTry)
            );
            Assert.Equal(["slot 'strangler': It was dropped."], part.Faults);
            Assert.Equal(new PartError(at, "It waits."), part.LastError);
        }
    }

    /// <summary>Whatever client settings a person wrote for other programs, the stages are read.</summary>
    [Theory]
    [InlineData("Minimum Pool Size=5")]
    [InlineData("Minimum Pool Size=50;Maximum Pool Size=60")]
    [InlineData("Multiplexing=true")]
    [InlineData("Pooling=false;Minimum Pool Size=5")]
    public async Task Start_StoreWithAPoolOfOtherSize_ServesInItsStages(string settings)
    {
        await using var setup = new GatewaySetup
        {
            Store = $"{await postgres.CreateDatabaseAsync("pool")};{settings}",
            Upstream = await Upstream.EchoAsync(),
        };
        await setup.MigrateAsync();
        setup.Answers.Put("7", """{"sku":7}""");

        await setup.StartGatewayAsync("lookup");

        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, Cancellation));
    }

    /// <summary>The team's code may throw anything anywhere: legacy answers, and the reason is counted.</summary>
    [Theory]
    [InlineData("TryParse throws", "lookup", "key-threw")]
    [InlineData("TryParse throws", "shadow", "stage")]
    [InlineData("Respond makes no answer", "lookup", "answer-invalid")]
    [InlineData("Respond makes an answer without headers", "lookup", "lookup-failed")]
    [InlineData("Respond makes an answer whose headers throw", "lookup", "lookup-failed")]
    public async Task Request_TheTeamsCodeThrows_LegacyAnswersAndItIsCounted(string fault, string stage, string reason)
    {
        using var log = new Forwarding.KeptLog();
        var server = await postgres.CreateDatabaseAsync("throwing");
        await using var setup = new GatewaySetup
        {
            Store = server,
            Upstream = await Upstream.EchoAsync(),
            Loggers = log,
        };
        await setup.MigrateAsync();
        setup.Answers.Put("7", """{"sku":7}""");
        switch (fault)
        {
            case "TryParse throws":
                setup.Responder.KeyInstead = key => throw new FormatException($"What is '{key}'?");
                break;
            case "Respond makes no answer":
                setup.Responder.Instead = _ => null!;
                break;
            case "Respond makes an answer without headers":
                setup.Responder.Instead = _ => new Answer(200, null!, default);
                break;
            case "Respond makes an answer whose headers throw":
                setup.Responder.Instead = _ => new Answer(200, new ThrowingHeaders(), default);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "No such fault.");
        }
        await setup.StartGatewayAsync(stage, ("Gateway:Source", server));

        using var answer = await setup.Client.GetAsync(Target, Cancellation);

        Assert.Equal(
            (HttpStatusCode.OK, $"legacy {Target}"),
            (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation))
        );
        // a request is counted after its answer has ended, which its client may see earlier
        await GatewaySetup.UntilAsync(() => setup.Reasons("availability").Count > 0, "the request is counted");
        Assert.Equal(new Dictionary<string, long> { [reason] = 1 }, setup.Reasons("availability"));
        var (document, whole) = await DocumentAsync(setup);
        if (fault == "TryParse throws")
            Assert.Equal(
                (HttpStatusCode.BadRequest, true),
                (document, whole.Contains("is not a key of", StringComparison.Ordinal))
            );
    }

    private static async Task<(HttpStatusCode Status, string Body)> DocumentAsync(GatewaySetup setup)
    {
        using var document = await setup.AdminHttp.GetAsync("/documents/ItemAvailability/7", Cancellation);
        return (document.StatusCode, await document.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class ThrowingHeaders : IReadOnlyList<KeyValuePair<string, string>>
    {
        public int Count => 1;

        public KeyValuePair<string, string> this[int index] => throw new NotSupportedException("No headers.");

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
            throw new NotSupportedException("No headers.");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private async Task<string> StoreAsync(string fault, TcpListener silent)
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync("door"));
        switch (fault)
        {
            case "refuses":
                return "Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d";
            case "hangs":
                return $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=u;Password=p;"
                    + "Database=d";
            case "wrong password":
                (database.Username, database.Password) = ("nobody", "wrong");
                return database.ConnectionString;
            case "no database":
                database.Database = "nowhere";
                return database.ConnectionString;
            case "newer":
                await using (var data = NpgsqlDataSource.Create(database.ConnectionString))
                {
                    await StoreMigration.MigrateAsync(
                        data,
                        [new StoreSchema("gateway", [.. GatewaySchema.Value.Scripts, "select 1"])],
                        Cancellation
                    );
                }
                return database.ConnectionString;
            default:
                return database.ConnectionString;
        }
    }

    private static async Task<RoutesReport> EventuallyAsync(AdminClient admin)
    {
        RoutesReport? routes = null;
        await GatewaySetup.UntilAsync(
            () =>
            {
                try
                {
                    routes = admin.RoutesAsync(Cancellation).GetAwaiter().GetResult();
                    return true;
                }
                catch (Foundation.Faults.FaultException)
                {
                    return false;
                }
            },
            "the admin API serves"
        );
        return routes!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
