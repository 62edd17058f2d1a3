using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A bridge that runs in the test's process, on a log of the test's choice, with short waits.</summary>
internal sealed class RunningBridge : IAsyncDisposable
{
    public const string Prefix = "shop";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );

    private RunningBridge(IChangeLog log, Dictionary<string, string?> properties, BridgeTimings? timings)
    {
        Log = log;
        Said = new SaidLogger();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(properties).Build();
        Completion = Task.Run(() =>
            Bridge.RunAsync(
                configuration,
                (_, _, _, _) => Task.FromResult(log),
                timings ?? Timings,
                Monitor,
                Said,
                TimeProvider.System,
                _stop.Token
            )
        );
    }

    public static BridgeTimings Timings { get; } =
        new()
        {
            Heartbeat = TimeSpan.FromMilliseconds(200),
            Watch = TimeSpan.FromMilliseconds(150),
            Progress = TimeSpan.FromMilliseconds(20),
            SlotNotice = TimeSpan.FromMilliseconds(300),
            SlotLook = TimeSpan.FromMilliseconds(200),
            SlotPatienceAfterLoss = TimeSpan.FromSeconds(10),
        };

    public IChangeLog Log { get; }

    public SaidLogger Said { get; }

    public BridgeMonitor Monitor { get; } = new();

    /// <summary>Ends with the fault that stopped the bridge, or when it was stopped.</summary>
    public Task Completion { get; }

    public static RunningBridge Start(
        SourceDatabase source,
        IChangeLog? log = null,
        BridgeTimings? timings = null,
        params IEnumerable<(string Name, string? Value)> changes
    ) => new(log ?? new InMemoryChangeLog(TimeProvider.System), source.Properties(changes), timings);

    /// <summary>A bridge that writes the connector's format, with its defaults.</summary>
    /// <param name="properties">The connector's, without <c>Source:</c>.</param>
    public static RunningBridge StartAsConnector(
        SourceDatabase source,
        params IEnumerable<(string Name, string Value)> properties
    ) => StartAsConnector(source, null, properties);

    /// <inheritdoc cref="StartAsConnector(SourceDatabase, IEnumerable{ValueTuple{string, string}})"/>
    public static RunningBridge StartAsConnector(
        SourceDatabase source,
        IChangeLog? log,
        params IEnumerable<(string Name, string Value)> properties
    ) =>
        Start(
            source,
            log,
            changes:
            [
                ("Kafka:bootstrap.servers", "127.0.0.1:9"),
                ("Source:event.format", "debezium-3.6"),
                ("Source:plugin.name", "pgoutput"),
                ("Source:key.converter", "JsonConverter"),
                ("Source:key.converter.schemas.enable", "false"),
                ("Source:value.converter", "JsonConverter"),
                ("Source:value.converter.schemas.enable", "false"),
                .. properties.Select(property => ($"Source:{property.Name}", (string?)property.Value)),
            ]
        );

    /// <summary>
    /// All records, once they satisfy the condition; fails with the records so far if it takes too long, and
    /// immediately with the bridge's fault.
    /// </summary>
    public async Task<IReadOnlyList<LogRecord>> RecordsAsync(Func<IReadOnlyList<LogRecord>, bool> wanted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var records = new List<LogRecord>();
        var after = Position.Start;
        while (true)
        {
            var page = (await Log.ReadAsync(Prefix, after, LogReadLimit.Default, limit.Token)).OrThrow();
            records.AddRange(page.Records);
            var moved = page.Through != after;
            after = page.Through;
            if (page.Records.Count > 0)
                continue; // a page has a part of them
            if (wanted(records))
                return records;
            if (moved)
                continue;
            if (Completion.IsCompleted)
                await Completion;
            if (limit.IsCancellationRequested)
                Assert.Fail(
                    "The log never reached the expected state: "
                        + $"{string.Join(Environment.NewLine, records.Select(Written.Of))}{Environment.NewLine}{Said}"
                );
            await Log.WaitAsync(Prefix, after, TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Everything that is committed now, once the log has it.</summary>
    public async Task<IReadOnlyList<LogRecord>> CaughtUpAsync(SourceDatabase source)
    {
        var now = Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
        await RecordsAsync(_ =>
            Log.ExtentAsync(Prefix, TestContext.Current.CancellationToken).GetAwaiter().GetResult()?.End?.Commit
            >= now.JustBefore
        );
        var records = new List<LogRecord>();
        for (var after = Position.Start; ; )
        {
            var read = await Log.ReadAsync(Prefix, after, LogReadLimit.Default, TestContext.Current.CancellationToken);
            var page = read.OrThrow();
            if (page.Through == after)
                return records;
            records.AddRange(page.Records);
            after = page.Through;
        }
    }

    /// <summary>Waits until the bridge has logged these words.</summary>
    public async Task SaidAsync(string words) =>
        await RecordsAsync(_ => Said.Lines.Any(line => line.Contains(words, StringComparison.Ordinal)));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Completion.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Completion
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
            .WaitAsync(Limit);
        _stop.Dispose();
        Monitor.Dispose();
    }
}
