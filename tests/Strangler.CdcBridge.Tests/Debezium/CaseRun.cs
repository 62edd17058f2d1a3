using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A recorded case, done again by the bridge.</summary>
internal sealed class CaseRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );
    private readonly SaidLogger _said = new();
    private readonly BridgeMonitor _monitor = new();
    private IChangeLog? _log;
    private Task _running = Task.CompletedTask;

    private CaseRun(GoldenCase golden, SourceDatabase source, IConfiguration configuration)
    {
        (Golden, Source, Configuration) = (golden, source, configuration);
        _stop.CancelAfter(Limit);
    }

    public GoldenCase Golden { get; }

    public SourceDatabase Source { get; }

    public IConfiguration Configuration { get; }

    /// <summary>Makes the database, with a publication of all tables where the connector made one.</summary>
    /// <param name="brokers">Where Kafka is; nobody asks for it if the log is elsewhere.</param>
    public static async Task<CaseRun> BeginAsync(PostgresFixture postgres, string name, string brokers = "none:9092")
    {
        var golden = GoldenCase.Of(name);
        var source = await SourceDatabase.CreateAsync(postgres, "select 1");
        await Psql.RunAsync(source, golden.SchemaSql);
        var viaRoot = golden.Properties.GetValueOrDefault("publish.via.partition.root", "false");
        if (!golden.Properties.ContainsKey("publication.autocreate.mode"))
            await Psql.RunAsync(
                source,
                $"""
                select 'create publication "{golden.Prefix}" for all tables '
                    'with (publish_via_partition_root = {viaRoot})'
                where not exists (select from pg_publication where pubname = '{golden.Prefix}') \gexec
                """
            );
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                source.Properties([
                    ("Kafka:bootstrap.servers", brokers),
                    .. Defaults(golden)
                        .Concat(golden.Properties)
                        .Select(property => ($"Source:{property.Key}", (string?)property.Value)),
                ])
            )
            .Build();
        return new CaseRun(golden, source, configuration);
    }

    /// <summary>The configuration, with what isn't supported yet as if it were.</summary>
    public BridgeConfig Config()
    {
        var (config, faults) = BridgeConfigReader.TryRead(Configuration);
        Assert.True(config is not null, string.Join('\n', faults));
        return config;
    }

    /// <summary>Runs all steps, and stops the bridge once the log has everything.</summary>
    public async Task RunAsync(IChangeLog log, BridgeConfig config)
    {
        _log = log;
        _running = Bridge.RunAsync(
            config,
            (_, _) => Task.FromResult(log),
            RunningBridge.Timings,
            _monitor,
            _said,
            TimeProvider.System,
            _stop.Token
        );
        await CaughtUpAsync();
        foreach (var step in Golden.Steps)
        {
            await Psql.RunAsync(Source, step);
            await CaughtUpAsync();
        }
        var hasHeartbeats = Golden.Records.Any(record =>
            record.Topic.StartsWith("__debezium-heartbeat", StringComparison.Ordinal)
        );
        while (hasHeartbeats && !(await RecordsAsync()).Any(record => record.Kind == LogRecordKind.Heartbeat))
            await CaughtUpAsync();
        await _stop.CancelAsync();
        await _running;
    }

    public async Task<IReadOnlyList<LogRecord>> RecordsAsync()
    {
        var all = new LogReadLimit(int.MaxValue, long.MaxValue);
        return (await _log!.ReadAsync(Golden.Prefix, Position.Start, all, CancellationToken.None)).OrThrow().Records;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(
            static _ => { },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        await Source.DisposeAsync();
        _stop.Dispose();
        _monitor.Dispose();
    }

    /// <summary>What every recording had that its own properties don't say.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Defaults(GoldenCase golden) =>
        [
            new("event.format", "debezium-3.6"),
            new("plugin.name", "pgoutput"),
            new("topic.prefix", golden.Prefix),
            new("publication.name", golden.Prefix),
            new("key.converter", "org.apache.kafka.connect.json.JsonConverter"),
            new("value.converter", "org.apache.kafka.connect.json.JsonConverter"),
            new("key.converter.schemas.enable", "false"),
            new("value.converter.schemas.enable", "false"),
        ];

    private async Task CaughtUpAsync()
    {
        var now = Lsn.Parse(await Source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
        while (true)
        {
            var end = (await _log!.ExtentAsync(Golden.Prefix, CancellationToken.None))?.End;
            if (end?.Commit >= now.JustBefore || _running.IsCompletedSuccessfully)
                return;
            if (_running.IsCompleted || _stop.IsCancellationRequested)
            {
                await _running;
                Assert.Fail($"{Golden.Prefix} never reached {now}: {end}. {_said}");
            }
            var (after, pause) = (end ?? Position.Start, TimeSpan.FromMilliseconds(100));
            await _log.WaitAsync(Golden.Prefix, after, pause, CancellationToken.None);
        }
    }
}
