using System.Collections.Concurrent;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;

namespace Strangler.Gateway.Telemetry;

/// <summary>Live figures of a route's comparisons since the gateway started.</summary>
internal sealed class ShadowStats(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _verdicts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _doubts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _misses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _notSampled = new(StringComparer.Ordinal);
    private readonly SideStats _lookup = new(time);
    private readonly SideStats _late = new(time);
    private long _sampled;
    private long _compared;
    private long _quiet;
    private long _withCommits;

    public void CountSample() => Interlocked.Increment(ref _sampled);

    public void CountDrop(DropReason reason) => Count(_dropped, Name(reason));

    public void CountNotSampled(CallGraphReason reason) => Count(_notSampled, reason.Text());

    public static string Name(DropReason reason) => EnumText.Of(reason);

    public static string Name(Verdict verdict) =>
        verdict switch
        {
            Verdict.Match => "match",
            Verdict.Wrong => "wrong",
            Verdict.Torn => "torn",
            Verdict.Incomparable => "incomparable",
            Verdict.Undetermined => "undetermined",
            _ => throw new InvalidOperationException("A verdict has five cases."),
        };

    public void Count(Comparison comparison)
    {
        Interlocked.Increment(ref _compared);
        if (comparison.LookupDuration is { } duration)
            _lookup.Record(duration);
        if (comparison.LookupMiss is { } miss)
            Count(_misses, miss);
        if (comparison.Late is { } late)
            _late.Record(late);
        foreach (var part in comparison.Parts)
            Count(part.Verdict);
    }

    public ShadowFigures Read() =>
        new(
            Interlocked.Read(ref _sampled),
            Interlocked.Read(ref _compared),
            Sorted(_verdicts),
            Interlocked.Read(ref _quiet),
            Interlocked.Read(ref _withCommits),
            Sorted(_doubts),
            Sorted(_dropped),
            Sorted(_misses),
            _lookup.Read(),
            _late.Read()
        )
        {
            NotSampled = Sorted(_notSampled),
        };

    private void Count(Verdict verdict)
    {
        Count(_verdicts, Name(verdict));
        if (verdict is Verdict.Match { Quiet: true })
            Interlocked.Increment(ref _quiet);
        if (verdict is Verdict.Match { Commits: > 0 })
            Interlocked.Increment(ref _withCommits);
        if (verdict is Verdict.Incomparable incomparable)
            Count(_doubts, EnumText.Of(incomparable.Reason));
        if (verdict is Verdict.Undetermined undetermined)
            Count(_doubts, EnumText.Of(undetermined.Reason));
    }

    private static void Count(ConcurrentDictionary<string, long> counts, string name) =>
        counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    private static SortedDictionary<string, long> Sorted(ConcurrentDictionary<string, long> counts) =>
        new SortedDictionary<string, long>(counts, StringComparer.Ordinal);
}
