using System.Text.Json.Nodes;
using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;

namespace Strangler.Benchmarks.Scenarios;

/// <summary>The sample system with Strangler in front of it, as in <c>strangler demo</c>, without traffic.</summary>
internal sealed class BenchSystem : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);
    private readonly GuardedProcess _up;
    private readonly HttpClient _http;

    private BenchSystem(SampleSystem sample, GuardedProcess up, HttpClient http) =>
        (Sample, _up, _http, Admin) = (sample, up, http, new(http));

    public SampleSystem Sample { get; }

    public AdminClient Admin { get; }

    /// <summary>The command line that starts the command.</summary>
    public static IReadOnlyList<string> Strangler { get; } =
        DotnetProgram.Command(Path.Combine(AppContext.BaseDirectory, "strangler.dll"));

    /// <param name="items">How many items the shop has.</param>
    /// <param name="change">Changes the configuration. Null: it stays the demo's.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BenchSystem> StartAsync(
        int items,
        Action<JsonNode>? change,
        CancellationToken cancellationToken
    )
    {
        static void Say(string line) => Console.WriteLine($"  {line}");
        var words = new Tail();
        var sample = await SampleSystem.StartAsync(
            new(
                await PostgresProvision.FindAsync(Say, cancellationToken),
                SampleFiles.Beside(AppContext.BaseDirectory),
                items,
                Say
            ),
            TimeProvider.System,
            cancellationToken
        );
        if (change is not null)
        {
            var configuration = JsonNode.Parse(await File.ReadAllTextAsync(sample.ConfigFile, cancellationToken))!;
            change(configuration);
            await File.WriteAllTextAsync(sample.ConfigFile, configuration.ToJsonString(), cancellationToken);
        }
        var (code, output) = await ProgramRun.Async(
            [.. Strangler, "migrate", "--config", sample.ConfigFile],
            cancellationToken
        );
        if (code != ExitCode.Success)
            throw new InvalidOperationException(output);
        var up = GuardedProcess.Start(
            [.. Strangler, "up", "--config", sample.ConfigFile],
            new Dictionary<string, string?>(),
            (_, line) => words.Add(line),
            TimeProvider.System
        );
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = sample.Admin };
        var tokens =
            AdminTokenFile.Read(Path.Combine(Path.GetDirectoryName(sample.ConfigFile)!, "strangler.tokens"))
            ?? throw new InvalidOperationException("'strangler migrate' made no token.");
        http.DefaultRequestHeaders.Authorization = new("Bearer", tokens.SecretFor(""));
        var system = new BenchSystem(sample, up, http);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyLimit);
        while (!await system.BuiltAsync(limit.Token))
        {
            if (up.HasExited)
                throw new InvalidOperationException($"'strangler up' ended: {words}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
        return system;
    }

    /// <summary>Paths of existing items.</summary>
    public async Task<IReadOnlyList<string>> SkusAsync(int count, CancellationToken cancellationToken)
    {
        await using var shop = NpgsqlDataSource.Create(Sample.SourceConnection);
        await using var command = shop.CreateCommand(
            "select sku from item where status <> 'D' order by md5(sku) limit $1"
        );
        command.Parameters.AddWithValue(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var skus = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            skus.Add(reader.GetString(0));
        return skus;
    }

    /// <summary>Takes a route to a stage, by force: measurements need no evidence.</summary>
    public async Task ToStageAsync(string route, string stage, CancellationToken cancellationToken)
    {
        if ((await Admin.RouteAsync(route, cancellationToken)).Stage == stage)
            return;
        await (
            stage == "lookup"
                ? Admin.ForceStageAsync(route, stage, "benchmark", "to be measured", cancellationToken)
                : Admin.ChangeStageAsync(route, stage, "benchmark", "to be measured", cancellationToken)
        );
    }

    /// <summary>The build whose documents are served.</summary>
    public async Task<int> BuildAsync(string projection, CancellationToken cancellationToken)
    {
        await using var store = NpgsqlDataSource.Create(Sample.StoreConnection);
        await using var command = store.CreateCommand(
            "select id from projections.build where projection = $1 and state = 'live'"
        );
        command.Parameters.AddWithValue(projection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _up.DisposeAsync();
        await Sample.DisposeAsync();
    }

    /// <summary>
    /// Every item has its document, and no key waits to be computed: a look-up that misses would measure the call
    /// graph.
    /// </summary>
    private async Task<bool> BuiltAsync(CancellationToken cancellationToken)
    {
        try
        {
            var marks = (await Admin.WatermarksAsync(cancellationToken)).Watermarks;
            if (marks.Count == 0 || marks.Any(mark => mark.Watermark is null))
                return false;
        }
        catch (FaultException)
        {
            return false; // not listening yet
        }
        return await CountAsync(Sample.StoreConnection, "select count(*) from projections.dirty") == 0
            && await CountAsync(
                Sample.StoreConnection,
                "select count(*) from projections.document d join projections.build b on b.id = d.build where "
                    + "b.projection = 'ItemDetails' and d.bytes is not null"
            ) == await CountAsync(Sample.SourceConnection, "select count(*) from item where status <> 'D'");

        async Task<long> CountAsync(string connection, string sql)
        {
            await using var data = NpgsqlDataSource.Create(connection);
            await using var command = data.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }
}
