using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests.Up;

/// <summary>
/// <c>strangler up</c> with its real parts, whose store and source accept connections and never answer.
/// </summary>
internal sealed class RunningUp : IAsyncDisposable
{
    private static readonly string[] ToDevFull = ["bash", "-c", "exec \"$0\" \"$@\" 2>/dev/full"];
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly HttpClient _http;
    private LineProcess? _process;

    public RunningUp()
    {
        _silent.Start();
        Admin = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Admin };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("strangler-up-").FullName;

    public Uri Admin { get; }

    public string Words => string.Join('\n', _lines);

    /// <summary>A connection string for the server that never answers.</summary>
    public string Silent(string password) =>
        $"Host=127.0.0.1;Port={((IPEndPoint)_silent.LocalEndpoint).Port};Username=u;Password={password};Database=d";

    /// <param name="variables">Environment variables.</param>
    /// <param name="projection">The class of this assembly that is its only projection; null: none.</param>
    /// <param name="isMute">Whether its standard error can't be written.</param>
    /// <param name="loadLimit">How long loading the projection may take.</param>
    public async Task StartAsync(
        IReadOnlyDictionary<string, string?>? variables = null,
        string? projection = null,
        bool isMute = false,
        string loadLimit = "00:10:00"
    )
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "strangler.json"),
            JsonSerializer.Serialize(
                new
                {
                    Store = new { ConnectionString = Silent("none") },
                    Source = new Dictionary<string, string?>
                    {
                        ["topic.prefix"] = "shop",
                        ["database.hostname"] = "127.0.0.1",
                        ["database.port"] = ((IPEndPoint)_silent.LocalEndpoint).Port.ToString(
                            CultureInfo.InvariantCulture
                        ),
                        ["database.user"] = "u",
                        ["database.dbname"] = "d",
                        ["slot.name"] = "strangler",
                    },
                    Projections = new
                    {
                        Moments = $"http://127.0.0.1:{FreePort.Take()}",
                        Assemblies = projection is null ? [] : (string[])[typeof(RunningUp).Assembly.Location],
                        Include = projection is null ? [] : (string[])[projection],
                        LoadLimit = loadLimit,
                    },
                    Gateway = new
                    {
                        Urls = $"http://127.0.0.1:{FreePort.Take()}",
                        Admin = Admin.GetLeftPart(UriPartial.Authority),
                    },
                    ReverseProxy = new
                    {
                        Routes = Routes(projection),
                        Clusters = new
                        {
                            legacy = new { Destinations = new { d1 = new { Address = "http://127.0.0.1:1" } } },
                        },
                    },
                }
            ),
            TestContext.Current.CancellationToken
        );
        _process = Start(isMute ? ToDevFull : [], variables ?? new Dictionary<string, string?>(), _lines);
    }

    /// <summary>A plain route, and one that names the projection, so that the gateway loads it.</summary>
    private static Dictionary<string, object> Routes(string? projection)
    {
        var routes = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["rest"] = new { ClusterId = "legacy", Match = new { Path = "/{**rest}" } },
        };
        if (projection is not null)
            routes["item"] = new
            {
                ClusterId = "legacy",
                Match = new { Path = "/items/{id}" },
                Strangler = new { Projection = projection, Key = "{id}" },
            };
        return routes;
    }

    /// <summary>
    /// Starts another one with the same configuration, and ends it when it has written a line that ends so.
    /// </summary>
    /// <returns>Everything that it has written.</returns>
    public async Task<IReadOnlyList<string>> AgainAsync(string text)
    {
        var lines = new ConcurrentQueue<string>();
        using var again = Start([], new Dictionary<string, string?>(), lines);
        try
        {
            await UntilAsync(
                () => Task.FromResult(lines.Any(line => line.EndsWith(text, StringComparison.Ordinal))),
                $"the other one says '{text}'"
            );
        }
        finally
        {
            await EndAsync(again);
        }
        return [.. lines];
    }

    /// <summary>Waits until the gateway reports its health, with the details that need a token.</summary>
    public async Task<HealthReport> HealthAsync()
    {
        var client = new AdminClient(_http);
        HealthReport? health = null;
        string? secret = null;
        await UntilAsync(
            async () =>
            {
                secret ??= AdminTokenFile.Read(Path.Combine(Folder, "strangler.tokens"))?.SecretFor(AdminToken.Person);
                if (secret is null)
                    return false; // 'up' makes it before its parts start
                _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
                try
                {
                    health = await client.HealthAsync(TestContext.Current.CancellationToken);
                }
                catch (FaultException) { } // not yet
                return health is not null;
            },
            "the gateway serves"
        );
        return health!;
    }

    /// <summary>The process of a part's first run.</summary>
    public async Task<int> ProcessIdAsync(string part)
    {
        var text = $"| The part '{part}' runs as process ";
        string? line = null;
        await UntilAsync(
            () =>
                Task.FromResult(
                    (line = _lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal))) is not null
                ),
            $"{part} runs"
        );
        return int.Parse(
            line![(line!.IndexOf(text, StringComparison.Ordinal) + text.Length)..^1],
            CultureInfo.InvariantCulture
        );
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is { } process)
        {
            await EndAsync(process);
            process.Dispose();
        }
        _silent.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private LineProcess Start(
        IReadOnlyList<string> before,
        IReadOnlyDictionary<string, string?> variables,
        ConcurrentQueue<string> lines
    ) =>
        LineProcess.Start(
            [.. before, .. StranglerProgram.Command, "up", "--until-input-ends"],
            variables,
            Folder,
            (_, line) => lines.Enqueue(line),
            TimeProvider.System
        );

    private static async Task EndAsync(LineProcess process)
    {
        process.EndInput();
        if (!await process.WaitForExitAsync(TimeSpan.FromSeconds(30)))
            await process.KillAsync();
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMinutes(5))
                Assert.Fail($"It never came that {what}.\n{Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
