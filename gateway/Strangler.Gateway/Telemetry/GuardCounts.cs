using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Guards;
using Strangler.Evidence.Storing;

namespace Strangler.Gateway.Telemetry;

/// <summary>What a route's guard looks at: counts of the last minute and hour, and legacy's own figures.</summary>
internal sealed class GuardCounts(TimeProvider time)
{
    /// <summary>The wrong parts that are held.</summary>
    public const int MaxWrong = 1_000;

    private const int Asked = 0;
    private const int Fallbacks = 1;
    private const int Errors = 2;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan[] Lengths =
    [
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(10),
        TimeSpan.FromMinutes(1),
    ];
    private readonly WindowCounts _requests = new(TimeSpan.FromMilliseconds(500), 122, 3, time);
    private readonly WindowCounts _matches = new(TimeSpan.FromSeconds(30), 122, 1, time);
    private readonly Queue<WrongPart> _wrong = new();
    private readonly Lock _lock = new();
    private long _compared;
    private long _legacyErrors;

    /// <summary>How long legacy takes, without requests that the lookup had failed before.</summary>
    public SideStats Legacy { get; } = new(time);

    public long LegacyErrors => Interlocked.Read(ref _legacyErrors);

    /// <summary>When a comparison after the lookup last ended. 0: never.</summary>
    public long Compared => Interlocked.Read(ref _compared);

    /// <summary>Counts a request that the lookup was to answer.</summary>
    /// <param name="isFallback">Whether it failed.</param>
    /// <param name="isError">Whether the lookup or the gateway answered with a server's error.</param>
    public void CountRequest(bool isFallback, bool isError)
    {
        _requests.Add(Asked);
        if (isFallback)
            _requests.Add(Fallbacks);
        if (isError)
            _requests.Add(Errors);
    }

    public void CountLegacy(TimeSpan duration, bool isError)
    {
        Legacy.Record(duration);
        if (isError)
            Interlocked.Increment(ref _legacyErrors);
    }

    /// <summary>Counts a comparison of a request that the lookup had answered.</summary>
    public void Count(Comparison comparison)
    {
        var now = time.GetTimestamp();
        var matches = comparison.Parts.Count(part => part.Verdict is Verdict.Match);
        if (matches > 0)
            _matches.Add(0, matches);
        var index = 0UL;
        foreach (var part in comparison.Parts)
        {
            if (part.Verdict is not Verdict.Wrong wrong)
                continue;
            var example = ExampleBuilder.Of(comparison, part, wrong, (comparison.Draw ?? 0) + index++, 0).Report;
            var found = new WrongPart(
                now,
                comparison.At,
                comparison.Scope,
                FaultSignature.Of(example),
                example.Cause,
                example.Key,
                FaultSignature.Paths(example),
                example.Id
            );
            lock (_lock)
            {
                _wrong.Enqueue(found);
                if (_wrong.Count > MaxWrong)
                    _wrong.Dequeue();
            }
        }
        if (comparison.Parts.Any(part => part.Verdict is Verdict.Match or Verdict.Wrong))
            Interlocked.Exchange(ref _compared, now);
        CountLegacy(
            comparison.LegacyDuration,
            comparison.Parts.Any(part =>
                part.Verdict
                    is Verdict.Incomparable { Reason: IncomparableReason.Failed or IncomparableReason.TimedOut }
            )
        );
    }

    /// <summary>The wrong parts of the last hour, oldest first.</summary>
    /// <param name="since">A timestamp; earlier ones don't count.</param>
    public IReadOnlyList<WrongPart> Wrong(long since)
    {
        lock (_lock)
            return [.. _wrong.Where(part => part.At >= since && time.GetElapsedTime(part.At) < Hour)];
    }

    /// <summary>Parts that matched within the last hour.</summary>
    /// <param name="since">As above.</param>
    public long Matches(long since) => _matches.Sum(0, Hour, since);

    /// <summary>Requests to the lookup.</summary>
    /// <param name="since">As above.</param>
    public IReadOnlyList<RequestWindow> Requests(long since) =>
        [
            .. Lengths.Select(length => new RequestWindow(
                length,
                _requests.Sum(Asked, length, since),
                _requests.Sum(Fallbacks, length, since),
                _requests.Sum(Errors, length, since)
            )),
        ];
}
