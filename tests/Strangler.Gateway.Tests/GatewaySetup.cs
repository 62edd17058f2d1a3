using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Foundation.Postgres;
using Strangler.Foundation.Store;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Reloading;
using Strangler.Hosting;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>A gateway with its store and legacy service, all real except the documents.</summary>
internal sealed class GatewaySetup : IAsyncDisposable
{
    /// <summary>How long a test waits for something that comes at once where the machine has time.</summary>
    internal static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly List<IAsyncDisposable> _owned = [];

    public required string Store { get; init; }

    public required Upstream Upstream { get; init; }

    public FakeAnswers Answers { get; } = new();

    /// <summary>Replaces <see cref="Answers"/>.</summary>
    public IAnswers? Real { get; set; }

    public FakeResponder Responder { get; } = new();

    public FakeMoments Moments { get; } = new();

    public FakeEvidence Evidence { get; } = new();

    /// <summary>The states of the other parts as reported to the gateway.</summary>
    public PartStates Parts { get; } = new();

    /// <summary>Whether the projections' assemblies could be loaded.</summary>
    public bool AreProjectionsLoaded { get; set; } = true;

    /// <summary>Evidence goes to the store, as in production, and not to <see cref="Evidence"/>.</summary>
    public bool IsEvidenceStored { get; set; }

    /// <summary>The configuration each time that it changes.</summary>
    public Channel<ChangedConfiguration> Changes { get; } = Channel.CreateUnbounded<ChangedConfiguration>();

    /// <summary>Where it logs. Null means nowhere.</summary>
    public ILoggerFactory? Loggers { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>
    /// How long the store may delay serving. Null means as in production, which is too short on a busy machine for a
    /// test that needs the stages.
    /// </summary>
    public TimeSpan? StorePatience { get; set; } = Deadline;

    public RunningGateway Gateway { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public AdminClient Admin { get; private set; } = null!;

    /// <summary>The admin API without its client.</summary>
    public HttpClient AdminHttp { get; private set; } = null!;

    /// <summary>A legacy service, a migrated store, and a gateway unless it is started later.</summary>
    public static async Task<GatewaySetup> StartAsync(
        PostgresFixture postgres,
        Upstream upstream,
        string stage = "legacy",
        bool start = true,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = new GatewaySetup { Store = await postgres.CreateDatabaseAsync("gateway"), Upstream = upstream };
        await setup.MigrateAsync();
        if (start)
            await setup.StartGatewayAsync(stage, settings);
        return setup;
    }

    /// <summary>Waits until a condition holds, and fails the test if it doesn't within a deadline.</summary>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"It never came that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same for an asynchronous condition.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"It never came that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>How often the call graph was asked for this reason.</summary>
    public long Counted(string route, string reason) => Reasons(route).GetValueOrDefault(reason);

    /// <summary>How often the call graph was asked, by reason.</summary>
    public IReadOnlyDictionary<string, long> Reasons(string route) => Gateway.Routes.Find(route)!.Stats.Reasons();

    public async Task MigrateAsync()
    {
        await using var data = NpgsqlDataSource.Create(Store);
        await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a gateway, the first or another one on the same store.</summary>
    public async Task<RunningGateway> StartGatewayAsync(
        string stage = "legacy",
        params (string Key, string? Value)[] settings
    )
    {
        if (settings.FirstOrDefault(setting => setting.Key == "Gateway:Source").Value is { } source)
            Answers.Verification = await VerificationAsync(source);
        var gateway = await GatewayHost.StartAsync(
            Configured(Store, Upstream.Address, stage, [.. Unhurried, .. settings]),
            AreProjectionsLoaded ? [Responder] : null,
            Real ?? Answers,
            Moments,
            IsEvidenceStored ? null : Evidence,
            Loggers,
            Time,
            TestContext.Current.CancellationToken,
            Parts,
            StorePatience,
            Changes.Reader.ReadAllAsync(TestContext.Current.CancellationToken)
        );
        _owned.Add(gateway);
        Gateway = gateway;
        var isRead = Real is null && gateway.Routes.All.Any(route => route.Model.Lookup is not null);
        if (
            isRead
            && Answers is { IsBuilt: true, Failure: null, Hangs: false, IsAtRest: false }
            && await RunsAsync(Time)
        )
        {
            await UntilAsync(() => gateway.Ages.HasMoved, "the watermark has moved");
            if (Answers.Verification is not null)
                await UntilAsync(() => gateway.Ages.IsLookedAt, "the source is looked at");
        }
        Client = Connect(gateway.Address);
        AdminHttp = ConnectAdmin(gateway.AdminAddress);
        Admin = new AdminClient(AdminHttp);
        return gateway;
    }

    /// <summary>
    /// A busy machine may need longer than the default limits, and a test compares few keys for a short time. A test
    /// may set others.
    /// </summary>
    private static IEnumerable<(string Key, string? Value)> Unhurried =>
        from route in new[] { "availability", "availabilities" }
        from setting in new[]
        {
            ("RespondLimit", "00:01:00"),
            ("Gate:MaxUnseen", "1"),
            ("Gate:MinTime", "00:00:00"),
            ("Gate:MaxLag", "00:01:00"),
        }
        select ($"ReverseProxy:Routes:{route}:Strangler:{setting.Item1}", (string?)setting.Item2);

    /// <summary>As if the bridge had compared its log with the server that runs there. Null if none answers.</summary>
    public static async Task<SourceVerification?> VerificationAsync(string source)
    {
        try
        {
            await using var server = NpgsqlDataSource.Create(source);
            await using var command = server.CreateCommand(ServerRun.StartedSql);
            return new(1, (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>Whether a clock runs by itself: under one that a test moves, the gateway's polls don't run.</summary>
    private static async Task<bool> RunsAsync(TimeProvider time)
    {
        var before = time.GetTimestamp();
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        return time.GetTimestamp() != before;
    }

    /// <summary>A client that returns answers unchanged.</summary>
    public static HttpClient Connect(string address) =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            }
        )
        {
            BaseAddress = new Uri(address),
            Timeout = Deadline,
        };

    /// <summary>A client of the admin API with a person's token.</summary>
    public static HttpClient ConnectAdmin(string address, string name = "Ada")
    {
        var http = Connect(address);
        http.DefaultRequestHeaders.Authorization = new("Bearer", AdminTokenFile.Read(TokenFile)!.SecretFor(name));
        return http;
    }

    /// <summary>One file for all tests, with tokens of Ada and Bob.</summary>
    public static string TokenFile => Tokens.Value;

    private static readonly Lazy<string> Tokens = new(() =>
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("strangler-tokens-").FullName, "tokens");
        AdminTokenFile.Ensure(file, "Ada");
        AdminTokenFile.Add(file, "Bob");
        return file;
    });

    /// <summary>The configuration of README and demo, on free ports.</summary>
    public static IConfigurationRoot Configured(
        string store,
        string upstream,
        string stage = "legacy",
        params (string Key, string? Value)[] settings
    )
    {
        var values = new Dictionary<string, string?>
        {
            ["Store:ConnectionString"] = store,
            ["Gateway:Urls"] = "http://127.0.0.1:0",
            ["Gateway:Admin"] = "http://127.0.0.1:0",
            ["Gateway:AdminTokenFile"] = TokenFile,
            ["Projections:Moments"] = "http://127.0.0.1:8082",
            ["ReverseProxy:Routes:availability:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:availability:Match:Path"] = "/api/items/{sku}/availability",
            ["ReverseProxy:Routes:availability:Match:Methods:0"] = "GET",
            ["ReverseProxy:Routes:availability:Match:Methods:1"] = "HEAD",
            ["ReverseProxy:Routes:availability:Strangler:Stage"] = stage,
            ["ReverseProxy:Routes:availability:Strangler:Projection"] = "ItemAvailability",
            ["ReverseProxy:Routes:availability:Strangler:Key"] = "{sku}",
            ["ReverseProxy:Routes:availability:Strangler:Query:0"] = "area",
            ["ReverseProxy:Routes:availability:Strangler:Anonymous"] = "true",
            ["ReverseProxy:Routes:availabilities:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:availabilities:Match:Path"] = "/api/availability",
            ["ReverseProxy:Routes:availabilities:Match:Methods:0"] = "POST",
            ["ReverseProxy:Routes:availabilities:Strangler:Stage"] = stage,
            ["ReverseProxy:Routes:availabilities:Strangler:Projection"] = "ItemAvailability",
            ["ReverseProxy:Routes:availabilities:Strangler:Key"] = "$.skus[*]",
            ["ReverseProxy:Routes:availabilities:Strangler:Body:0"] = "skus",
            ["ReverseProxy:Routes:availabilities:Strangler:Body:1"] = "area",
            ["ReverseProxy:Routes:availabilities:Strangler:ReadOnly"] = "true",
            ["ReverseProxy:Routes:availabilities:Strangler:Anonymous"] = "true",
            ["ReverseProxy:Routes:rest:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:rest:Match:Path"] = "/{**rest}",
            ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] = upstream,
        };
        foreach (var (key, value) in settings)
        {
            values[key] = value;
            if (value is null)
                values.Remove(key);
        }
        // A test doesn't have to wait for delays that even out load.
        if (values.ContainsKey("Gateway:Source"))
        {
            foreach (var route in new[] { "availability", "availabilities" })
            {
                values.TryAdd($"ReverseProxy:Routes:{route}:Strangler:Shadow:Delay", "00:00:00");
                // nor is legacy asked behind the back of one that counts its requests
                values.TryAdd($"ReverseProxy:Routes:{route}:Strangler:Recheck:Share", "0");
                // nor does a guard end a stage that a test needs
                values.TryAdd($"ReverseProxy:Routes:{route}:Strangler:Guards:MaxWrong", "none");
            }
        }
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        AdminHttp?.Dispose();
        foreach (var owned in _owned.AsEnumerable().Reverse())
            await owned.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
