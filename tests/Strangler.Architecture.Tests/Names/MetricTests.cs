using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Telemetry;
using Strangler.Projections.Telemetry;
using Xunit;

namespace Strangler.Architecture.Tests.Names;

/// <summary>Uses each instrument once: a listener gets what a dashboard gets.</summary>
public sealed partial class MetricTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    [Fact]
    public void Instruments_WithUnitsAndTags_AreTheApproved()
    {
        var used = Used();

        ApprovedNames.Equal(
            "metrics",
            "Instruments: kind, unit and tags. Dashboards and alerts depend on them.",
            used.GroupBy(one => one.Key.Meter.Name)
                .OrderBy(meter => meter.Key, StringComparer.Ordinal)
                .SelectMany(meter =>
                    meter
                        .OrderBy(one => one.Key.Name, StringComparer.Ordinal)
                        .Select(one =>
                            $"    {one.Key.Name, -36} {Kind(one.Key), -16} {one.Key.Unit, -14} {one.Value}".TrimEnd()
                        )
                        .Prepend($"meter {meter.Key}")
                )
        );
    }

    [Fact]
    public void Instruments_ThatTheCodeNames_AreAllUsedHere() =>
        Assert.Equal(
            Rooms.MayReference.Keys.SelectMany(Named).Order(StringComparer.Ordinal),
            Used().Select(one => one.Key.Name).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Instruments_EachOfThem_IsInTheDocumentation()
    {
        var page = File.ReadAllText(Repository.Full("docs/operations.md"));

        Assert.DoesNotContain(
            Used().Keys.Select(instrument => instrument.Name),
            name => !page.Contains($"`{name}`", StringComparison.Ordinal)
        );
    }

    /// <summary>The default buckets are for milliseconds: everything below five seconds would be in one.</summary>
    [Fact]
    public void Histograms_InSeconds_AdviseTheirBuckets() =>
        Assert.All(
            Used().Keys.OfType<Histogram<double>>(),
            histogram => Assert.NotEmpty(histogram.Advice?.HistogramBucketBoundaries ?? [])
        );

    private static ConcurrentDictionary<Instrument, string> Used()
    {
        var tagsOf = new ConcurrentDictionary<Instrument, string>();
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var bridge = new BridgeMetrics();
        using var projections = new ProjectionMetrics(TimeProvider.System);
        var (gateway, shadow, guard) = Gateway(provider.GetRequiredService<IMeterFactory>());
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name.StartsWith("Strangler.", StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        Use(bridge);
        Use(projections);
        Use(gateway);
        Use(shadow);
        guard.Tripped("route", "rule", "action");
        guard.Observe(() => [("route", "state")]);
        listener.RecordObservableInstruments();
        return tagsOf;

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            tagsOf[instrument] = string.Join(", ", tags.ToArray().Select(tag => tag.Key));
    }

    private static (GatewayMetrics, ShadowMetrics, GuardMetrics) Gateway(IMeterFactory meters) =>
        (new(meters), new(meters), new(meters));

    private static void Use(BridgeMetrics metrics)
    {
        var record = new LogRecord(Position.Start, 1, LogRecordKind.Tombstone, "topic", [], [], null);
        var transaction = new LogTransaction(Lsn.Zero, 1, DateTimeOffset.UnixEpoch, 1);
        metrics.Appended(new LogAppend([record], [transaction], Position.Start, DateTimeOffset.UnixEpoch), Time);
        metrics.Appended(new LogAppend([], [], Position.Start, DateTimeOffset.UnixEpoch), Time);
        metrics.SentAgain();
        metrics.RowsRead(1);
        metrics.MessageIgnored();
        metrics.Reconnected();
        metrics.ChunkRead();
        metrics.Failed("kind");
        metrics.Slot(1, 1, 1, DateTimeOffset.UnixEpoch);
        metrics.InDoubt(1);
    }

    private static void Use(ProjectionMetrics metrics)
    {
        metrics.Applied(1, 1);
        metrics.Computed("projection", 1, 1, 1);
        metrics.Watermark(DateTimeOffset.UnixEpoch);
    }

    private static void Use(GatewayMetrics metrics)
    {
        metrics.ObserveCircuit(() => true);
        metrics.Waited("route", "reason", Time);
        metrics.Held("route", isKnown: true, Time);
        metrics.Refused("route", "reason");
        metrics.FallbackRefused("route", "limit");
        metrics.ObserveFallbackCircuits(() => [("route", true)]);
        metrics.Reloaded(isApplied: true);
        metrics.Record("route", Stage.Legacy, AnsweredBy.Legacy, "reason", Time);
    }

    private static void Use(ShadowMetrics metrics)
    {
        metrics.NotSampled("route", CallGraphReason.NoKey);
        foreach (var occasion in Enum.GetValues<Occasion>())
        {
            metrics.Sampled("route", occasion);
            metrics.Dropped("route", "reason", occasion);
            metrics.Compared(
                new Comparison(
                    new EvidenceScope("route", "projection", "1", "1"),
                    DateTimeOffset.UnixEpoch,
                    "GET /",
                    [new PartVerdict(null, null, Verdict.Torn.Value, [], [])],
                    Time,
                    LookupDuration: null,
                    LookupMiss: null,
                    Late: Time
                )
                {
                    Occasion = occasion,
                }
            );
        }
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    private static IEnumerable<string> Named(string project)
    {
        using var assembly = AssemblyReferences.Of(project);
        return [.. assembly.Texts().Where(text => Name().IsMatch(text)).Distinct()];
    }

    [GeneratedRegex(@"^strangler\.[a-z]+(\.[a-z_]+)+$")]
    private static partial Regex Name();
}
