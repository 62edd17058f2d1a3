using System.Text.Json.Nodes;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Demo.Postgres;
using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;
using Strangler.Projections;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// The complete system on this machine, every part a real process: a cluster for the sample legacy system and one as
/// the store, the legacy services, bridge, projections and gateway. The parts don't run under <c>strangler up</c>, so
/// that a test decides when one is killed and restarted.
/// </summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private readonly SampleSystem _sample;
    private readonly NpgsqlDataSource _store;
    private readonly string[] _projections;

    private RunningSystem(SampleSystem sample, SampleVariant variant)
    {
        (_sample, _projections) = (sample, [variant.Fault?.Projection ?? "ItemAvailability", "ItemDetails"]);
        Source = NpgsqlDataSource.Create(sample.SourceConnection);
        _store = NpgsqlDataSource.Create(sample.StoreConnection);
        Answers = new StoreAnswers(_store, TimeProvider.System) { VerificationSql = EmbeddedChangeLog.VerificationSql };
        (Bridge, Projections, Gateway) = (Part("bridge"), Part("projections"), Part("gateway"));
        AdminHttp = Client(sample.Admin);
        Admin = new(AdminHttp);
        GatewayHttp = Client(sample.Gateway);
        LegacyHttp = Client(sample.Legacy);
    }

    public RunningPart Bridge { get; }

    public RunningPart Projections { get; }

    public RunningPart Gateway { get; }

    /// <summary>All three.</summary>
    public IReadOnlyList<RunningPart> Parts => [Bridge, Projections, Gateway];

    /// <summary>The legacy database, as its owner.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>The store.</summary>
    public NpgsqlDataSource Store => _store;

    /// <summary>The cluster of the legacy database, which a test may stop and restart.</summary>
    public PostgresServer SourceServer => _sample.Source;

    /// <summary>The cluster of the store.</summary>
    public PostgresServer StoreServer => _sample.Store;

    /// <summary>Where the gateway serves.</summary>
    public Uri GatewayAddress => _sample.Gateway;

    /// <summary>The gateway's admin API.</summary>
    public Uri AdminAddress => _sample.Admin;

    public string ConfigFile => _sample.ConfigFile;

    /// <summary>The file with the admin API's token, which 'strangler migrate' created.</summary>
    public string TokenFile => Path.Combine(Path.GetDirectoryName(ConfigFile)!, "strangler.tokens");

    /// <summary>What the gateway looks up, read directly from the store: available while no gateway runs.</summary>
    public IAnswers Answers { get; }

    public AdminClient Admin { get; }

    /// <summary>Calls the gateway.</summary>
    public HttpClient GatewayHttp { get; }

    /// <summary>Calls the legacy system directly.</summary>
    public HttpClient LegacyHttp { get; }

    private HttpClient AdminHttp { get; }

    /// <summary>The command line that starts the command.</summary>
    public static IReadOnlyList<string> Strangler { get; } =
        DotnetProgram.Command(Path.Combine(AppContext.BaseDirectory, "strangler.dll"));

    /// <summary>
    /// Starts everything but the three parts, and creates the store's tables. Skips the test without PostgreSQL.
    /// </summary>
    /// <param name="items">How many items the shop has.</param>
    /// <param name="variant">How it differs from the usual one.</param>
    public static async Task<RunningSystem> PrepareAsync(
        int items,
        CancellationToken cancellationToken,
        SampleVariant? variant = null
    )
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Assert.Skip(
                "PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package, or "
                    + "name their folder in STRANGLER_POSTGRES."
            );
            return null!;
        }
        var options = new SampleOptions(
            new PostgresProvision.Installed(programs),
            SampleFiles.Beside(AppContext.BaseDirectory),
            items,
            static _ => { }
        )
        {
            Variant = variant ?? SampleVariant.Usual,
        };
        var system = new RunningSystem(
            await SampleSystem.StartAsync(options, TimeProvider.System, cancellationToken),
            options.Variant
        );
        try
        {
            await BePatientAsync(system.ConfigFile, cancellationToken);
            await using var migrate = new RunningPart(
                "migrate",
                [.. Strangler, "migrate", "--config", system.ConfigFile]
            );
            migrate.Start();
            await migrate.WaitForExitAsync(cancellationToken);
            if (migrate.ExitCode != ExitCode.Success)
                Assert.Fail(string.Join('\n', migrate.Lines));
            system.AdminHttp.DefaultRequestHeaders.Authorization = new(
                "Bearer",
                AdminTokenFile.Read(system.TokenFile)!.SecretFor("")
            );
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts everything, and waits until the documents are those of the seeded data.</summary>
    /// <param name="items">How many items the shop has.</param>
    /// <param name="variant">How it differs from the usual one.</param>
    public static async Task<RunningSystem> StartAsync(
        int items,
        CancellationToken cancellationToken,
        SampleVariant? variant = null
    )
    {
        var system = await PrepareAsync(items, cancellationToken, variant);
        try
        {
            system.Bridge.Start();
            system.Projections.Start();
            system.Gateway.Start();
            await system.CaughtUpAsync(cancellationToken);
            await system.GatewayServesAsync(cancellationToken);
            await system.AgesKnownAsync(cancellationToken);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every projection has applied everything that the source has committed so far.</summary>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand("select pg_current_wal_insert_lsn()::text");
        var target = Lsn.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!, null);
        foreach (var projection in _projections)
        {
            Watermark? mark = null;
            await Until.TrueAsync(
                async () =>
                {
                    mark = await Answers.WatermarkAsync(projection, cancellationToken);
                    return mark is not null && mark.Position.Commit >= target.JustBefore;
                },
                () =>
                    $"{projection} did not reach {target}, but to {mark?.Position.ToString() ?? "nothing"}.\n"
                    + $"{Words()}",
                cancellationToken
            );
        }
    }

    /// <summary>Waits until the gateway knows the documents' age; before that, it would ask legacy.</summary>
    public Task AgesKnownAsync(CancellationToken cancellationToken) =>
        Until.TrueAsync(
            async () =>
                (await Admin.WatermarksAsync(cancellationToken)).Watermarks.All(mark => mark.AgeSeconds is not null),
            () => $"The gateway did not come to know the documents' age.\n{Words()}",
            cancellationToken
        );

    /// <summary>
    /// Waits until the gateway knows that the source has the change log's history: until then it reports for each
    /// projection that it doesn't.
    /// </summary>
    public Task SourceVerifiedAsync(CancellationToken cancellationToken) =>
        Until.TrueAsync(
            async () =>
                (await Admin.HealthAsync(cancellationToken)).Projections.All(projection =>
                    !projection.Troubles.Any(trouble =>
                        trouble.StartsWith("It is not known yet", StringComparison.Ordinal)
                    )
                ),
            () => $"The gateway did not come to know the source's history.\n{Words()}",
            cancellationToken
        );

    /// <summary>Waits until the gateway's admin API answers.</summary>
    public Task GatewayServesAsync(CancellationToken cancellationToken) =>
        Until.TrueAsync(
            async () =>
            {
                try
                {
                    await Admin.HealthAsync(cancellationToken);
                    return true;
                }
                catch (FaultException)
                {
                    return false;
                }
            },
            () => $"The gateway did not begin to serve.\n{Words()}",
            cancellationToken
        );

    /// <summary>The parts' output, for the message of a failed assertion.</summary>
    public string Words() =>
        string.Join('\n', Parts.SelectMany(part => part.Lines.TakeLast(30).Select(line => $"{part.Name} | {line}")));

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new[] { Gateway, Projections, Bridge })
            await part.DisposeAsync();
        AdminHttp.Dispose();
        GatewayHttp.Dispose();
        LegacyHttp.Dispose();
        await Source.DisposeAsync();
        await _store.DisposeAsync();
        await _sample.DisposeAsync();
    }

    /// <summary>
    /// Has every request that the lookup answers compared. Before the gateway starts, or it takes it over within
    /// seconds.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="maxWrong">How many parts may be wrong before the guard takes a route back.</param>
    public Task RecheckAllAsync(CancellationToken cancellationToken, string maxWrong = "none") =>
        ConfigureAsync(
            ConfigFile,
            section =>
            {
                section["Recheck"] = new JsonObject
                {
                    ["Share"] = 1,
                    ["MinPerMinute"] = 6_000,
                    ["MaxPerSecond"] = 10_000,
                };
                section["Guards"] = new JsonObject { ["MaxWrong"] = maxWrong };
                section["Shadow"]!["AskAgain"]!["PerSecond"] = 1_000;
            },
            cancellationToken
        );

    /// <summary>
    /// Changes the <c>Strangler</c> section of each route. Before the gateway starts, or it takes it over within
    /// seconds.
    /// </summary>
    public Task ConfigureRoutesAsync(Action<JsonNode> change, CancellationToken cancellationToken) =>
        ConfigureAsync(ConfigFile, change, cancellationToken);

    /// <summary>
    /// A machine that runs all tests at once is sometimes slow: these tests check what a look-up finds, not how fast.
    /// </summary>
    private static async Task BePatientAsync(string configFile, CancellationToken cancellationToken)
    {
        await ConfigureAsync(
            configFile,
            section =>
            {
                section["LookupTimeout"] = "00:00:10";
                section["RespondLimit"] = "00:00:10"; // its first call is compiled within it
            },
            cancellationToken
        );
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(configFile, cancellationToken))!;
        configuration[nameof(Projections)]!["KeyLimit"] = "00:01:00"; // as the first key is
        await File.WriteAllTextAsync(configFile, configuration.ToJsonString(), cancellationToken);
    }

    /// <summary>Changes the <c>Strangler</c> section of each route that has one.</summary>
    private static async Task ConfigureAsync(
        string configFile,
        Action<JsonNode> change,
        CancellationToken cancellationToken
    )
    {
        const string Section = "Strangler";
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(configFile, cancellationToken))!;
        foreach (var (_, route) in configuration["ReverseProxy"]!["Routes"]!.AsObject())
        {
            if (route![Section] is { } section)
                change(section);
        }
        await File.WriteAllTextAsync(configFile, configuration.ToJsonString(), cancellationToken);
    }

    /// <summary>
    /// Takes a route to the lookup. A store that is too slow for it is asked again: that the gateway serves doesn't say
    /// that the store answers in time.
    /// </summary>
    public Task ForceLookupAsync(string route, CancellationToken cancellationToken) =>
        Until.TrueAsync(
            async () =>
            {
                try
                {
                    await Admin.ForceStageAsync(route, "lookup", "test", "to read", cancellationToken);
                    return true;
                }
                catch (FaultException)
                {
                    return false;
                }
            },
            () => $"The route '{route}' did not reach the lookup.\n{Words()}",
            cancellationToken
        );

    private RunningPart Part(string name) =>
        new(name, [.. Strangler, name, "--config", ConfigFile, "--until-input-ends"]);

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
}
