using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence.Storing;

/// <summary>
/// One scope's findings that are not in the store yet: sums, so that it grows only with distinct things. Not
/// thread-safe.
/// </summary>
internal sealed class ScopeBatch(int perPath)
{
    private const int MaxKeyLength = 200;
    private const int MaxNameLength = 300;

    public DateTimeOffset Since { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    public Dictionary<
        (string What, string Name, string Detail),
        (long Count, DateTimeOffset First, DateTimeOffset Last)
    > Counted { get; } = [];

    public Dictionary<(string Side, int Bucket), (long Count, long Most)> Durations { get; } = [];

    public Dictionary<DateTimeOffset, Span> Spans { get; } = [];

    public Dictionary<long, Key> Keys { get; } = [];

    /// <summary>
    /// The results of each version, as bits: 1 matched, 2 wrong, 4 had a document when it matched; 0 none of these.
    /// </summary>
    public Dictionary<long, int> Versions { get; } = [];

    /// <summary>When answers matched in quiet brackets.</summary>
    public Dictionary<AnswerIdentity, DateTimeOffset> Answers { get; } = [];

    /// <summary>The first part that was wrong although no declared row of it had changed; null: none.</summary>
    public UndeclaredRow? Undeclared { get; private set; }

    /// <summary>
    /// Examples by general path and kind: the lowest priorities, the newest, and the first of a quarter of a day.
    /// </summary>
    public Dictionary<(string Path, string Kind), List<KeptExample>> Examples { get; } = [];

    /// <summary>Keys, versions, answers, lines and spans.</summary>
    public int Entries => Counted.Count + Spans.Count + Keys.Count + Versions.Count + Answers.Count;

    public void Sample(DateTimeOffset at, IReadOnlyList<string> keys, Occasion occasion)
    {
        Count(CountNames.Requests, CountNames.Sampled, "", 1, at);
        CountRecheck(occasion, CountNames.Sampled, at);
        foreach (var key in keys.Distinct(StringComparer.Ordinal))
            Find(key).Sampled++;
    }

    public void Note(DateTimeOffset at, Access access)
    {
        Count(CountNames.Requests, CountNames.Answerable, "", 1, at);
        if (access.Credentials.Count > 0)
            Count(CountNames.Requests, CountNames.WithCredentials, "", 1, at);
        foreach (var header in access.Credentials)
            Count(CountNames.Credentials, header, "", 1, at);
        if (access.Refused is { } status)
            Count(CountNames.Refused, status.ToString(CultureInfo.InvariantCulture), "", 1, at);
    }

    public void Drop(DateTimeOffset at, DropReason reason, Occasion occasion)
    {
        Count(CountNames.Dropped, EnumText.Of(reason), "", 1, at);
        CountRecheck(occasion, CountNames.Dropped, at);
    }

    public void Lose(DateTimeOffset at, string what, long count) => Count(CountNames.Lost, what, "", count, at);

    /// <summary>What is lost with it, including the losses that it reports.</summary>
    public IEnumerable<(string What, long Count)> IfLost()
    {
        foreach (var what in new[] { CountNames.Sampled, CountNames.Compared, CountNames.Dropped })
        {
            var count = Counted
                .Where(line =>
                    (line.Key.What is CountNames.Requests or CountNames.Lost && line.Key.Name == what)
                    || (what == CountNames.Dropped && line.Key.What == CountNames.Dropped)
                )
                .Sum(line => line.Value.Count);
            if (count > 0)
                yield return (what, count);
        }
    }

    /// <param name="comparison">The comparison, its time truncated to the store's precision.</param>
    /// <param name="examples">An example for each wrong part, in the parts' order.</param>
    public void Add(Comparison comparison, IReadOnlyList<KeptExample> examples)
    {
        var at = comparison.At;
        Count(CountNames.Requests, CountNames.Compared, "", 1, at);
        CountRecheck(comparison.Occasion, CountNames.Compared, at);
        foreach (var _ in comparison.Parts.Where(part => part.Verdict is Verdict.Wrong))
            CountRecheck(comparison.Occasion, CountNames.Wrong, at);
        Measure(CountNames.LegacySide, comparison.LegacyDuration);
        if (comparison.LookupDuration is { } lookup)
            Measure(CountNames.LookupSide, lookup);
        if (comparison.Late is { } late)
            Measure(CountNames.LateSide, late);
        if (comparison.LookupMiss is { } miss)
            Count(CountNames.Miss, EnumText.Clean(miss, MaxNameLength), "", 1, at);
        if (comparison.LegacyReason is { } reason)
            Count(CountNames.AskLegacy, EnumText.Clean(reason, MaxNameLength), "", 1, at);
        if (comparison.Headers is { } headers)
        {
            Count(CountNames.Requests, CountNames.Headers, "", 1, at);
            foreach (var header in headers)
                Count(CountNames.Header, EnumText.Clean(header.Name, MaxNameLength), EnumText.Of(header.Kind), 1, at);
        }
        // what an unsplit answer of several keys shows, it shows about each of them
        var together = comparison.Parts is [{ Unit: null }] ? comparison.Keys : [];
        foreach (var part in comparison.Parts)
            Remember(comparison, part);
        var example = 0;
        foreach (var part in comparison.Parts)
            Add(
                at,
                part,
                part.Unit is { } unit ? [unit] : together,
                part.Verdict is Verdict.Wrong ? examples[example++] : null
            );
    }

    private void Add(DateTimeOffset at, PartVerdict part, IReadOnlyList<string> keys, KeptExample? example)
    {
        var (name, detail) = Named(part.Verdict);
        Count(CountNames.Verdict, name, detail, 1, at);
        var minute = Timestamps.Minute(at);
        if (!Spans.TryGetValue(minute, out var span))
            Spans[minute] = span = new Span();
        span.Add(part.Verdict);
        var matched = part.Verdict is Verdict.Match;
        // A key for which legacy is asked was not compared: it doesn't become unproven by that.
        if (part.Verdict is Verdict.Undetermined { Reason: Doubt.AskLegacy })
            keys = [];
        foreach (var key in keys)
            Find(key).Judge(at, matched, part.Existing.Contains(key), detail.Length == 0 ? name : $"{name}: {detail}");
        // a match of several keys together is one of each; if they are wrong together, it is unknown which one is
        if (matched && part.Together.Count > 0)
            foreach (var (key, version) in part.Together)
                End(key, version, Ended(key));
        else if (part.Version is { } version)
            End(
                part.Unit,
                version,
                matched ? Ended(part.Unit)
                    : part.Verdict is Verdict.Wrong ? 2
                    : 0
            );
        foreach (var ignored in part.Ignored)
            Count(
                CountNames.Ignored,
                ExampleBuilder.General(ignored.General),
                EnumText.Clean(ignored.Rule, MaxNameLength),
                ignored.Count,
                at
            );
        foreach (var noise in part.Noise.Distinct(StringComparer.Ordinal))
            Count(CountNames.Noise, ExampleBuilder.General(noise), "", 1, at);
        if (part.Verdict is not Verdict.Wrong wrong)
            return;
        Count(
            CountNames.Fault,
            FaultSignature.Of(example!.Report),
            EnumText.Clean(string.Join(", ", FaultSignature.Paths(example.Report)), MaxNameLength),
            1,
            at
        );
        foreach (
            var line in wrong.Differences.GroupBy(difference =>
                (Path: ExampleBuilder.General(difference.General), Kind: EnumText.Of(difference.Kind))
            )
        )
        {
            Count(CountNames.Difference, line.Key.Path, line.Key.Kind, line.Count(), at);
            Keep(line.Key, example);
        }

        int Ended(string? key) => key is not null && part.Existing.Contains(key) ? 1 | 4 : 1;
    }

    /// <summary>
    /// Only a quiet match says at which version of the rows it was: in a busy bracket, it may have been the one before.
    /// </summary>
    private void Remember(Comparison comparison, PartVerdict part)
    {
        var at = comparison.At;
        if (part.Verdict is Verdict.Match { Quiet: true } && AnswerIdentity.Of(comparison.Inputs, part) is { } answer)
            Answers[answer] = Answers.TryGetValue(answer, out var known) && known > at ? known : at;
        if (part.Verdict is Verdict.Wrong { MatchedAt: { } matched } && (Undeclared is null || Undeclared.WrongAt > at))
            Undeclared = new UndeclaredRow(
                part.Unit is { } unit ? EnumText.Clean(unit, MaxKeyLength) : null,
                EnumText.Clean(comparison.Request, MaxNameLength),
                matched,
                at
            );
    }

    private void End(string? unit, Position version, int how)
    {
        var hash = Hash($"{unit}\0{version}");
        Versions[hash] = Versions.GetValueOrDefault(hash) | how;
    }

    /// <summary>The same as the store's own trimming.</summary>
    private void Keep((string Path, string Kind) line, KeptExample example)
    {
        if (!Examples.TryGetValue(line, out var kept))
            Examples[line] = kept = [];
        kept.Add(example);
        if (kept.Count <= 2 * (perPath + EvidenceLimits.First))
            return;
        var byTime = kept.OrderBy(one => one.Report.At).ThenBy(one => one.Report.Id, StringComparer.Ordinal).ToList();
        var first = byTime
            .GroupBy(one => Timestamps.Quarter(one.Report.At))
            .TakeLast(2)
            .SelectMany(quarter => quarter.Take(EvidenceLimits.First));
        var stay = kept.OrderBy(one => one.Priority)
            .Take(perPath)
            .Concat(byTime.TakeLast(perPath))
            .Concat(first)
            .ToHashSet();
        kept.RemoveAll(one => !stay.Contains(one));
    }

    private static (string Name, string Detail) Named(Verdict verdict) =>
        verdict switch
        {
            Verdict.Match { Commits: > 0 } => (CountNames.MatchWithCommit, ""),
            Verdict.Match => (CountNames.MatchQuiet, ""),
            Verdict.Wrong wrong => (CountNames.Wrong, EnumText.Of(wrong.Cause)),
            Verdict.Torn => (CountNames.Torn, ""),
            Verdict.Incomparable incomparable => (CountNames.Incomparable, EnumText.Of(incomparable.Reason)),
            Verdict.Undetermined undetermined => (CountNames.Undetermined, EnumText.Of(undetermined.Reason)),
            _ => throw new InvalidOperationException("A verdict has five cases."),
        };

    private void CountRecheck(Occasion occasion, string name, DateTimeOffset at)
    {
        if (occasion == Occasion.Recheck)
            Count(CountNames.Recheck, name, "", 1, at);
    }

    private void Count(string what, string name, string detail, long count, DateTimeOffset at)
    {
        var known = Counted.TryGetValue((what, name, detail), out var counted);
        Counted[(what, name, detail)] = known
            ? (counted.Count + count, counted.First < at ? counted.First : at, counted.Last > at ? counted.Last : at)
            : (count, at, at);
        if (at < Since)
            Since = at;
        if (at > Last)
            Last = at;
    }

    private void Measure(string side, TimeSpan duration)
    {
        var microseconds = Math.Max(0, (long)duration.TotalMicroseconds);
        var key = (side, LatencyHistogram.Bucket(microseconds));
        var (count, max) = Durations.GetValueOrDefault(key);
        Durations[key] = (count + 1, Math.Max(max, microseconds));
    }

    private Key Find(string key)
    {
        var hash = Hash(key);
        if (!Keys.TryGetValue(hash, out var known))
            Keys[hash] = known = new Key(EnumText.Clean(key, MaxKeyLength));
        return known;
    }

    private static long Hash(string text) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0);

    /// <summary>Verdicts of a minute.</summary>
    internal sealed class Span
    {
        public long[] Counts { get; } = new long[5];

        public void Add(Verdict verdict) =>
            Counts[
                verdict switch
                {
                    Verdict.Match => 0,
                    Verdict.Wrong => 1,
                    Verdict.Torn => 2,
                    Verdict.Incomparable => 3,
                    _ => 4,
                }
            ]++;
    }

    /// <summary>What is known of a key.</summary>
    internal sealed class Key(string text)
    {
        public string Text => text;

        public long Sampled { get; set; }

        public long Compared { get; private set; }

        public long Matched { get; private set; }

        /// <summary>Matches in which it had a document.</summary>
        public long Existing { get; private set; }

        public string? Last { get; private set; }

        public DateTimeOffset? LastAt { get; private set; }

        public void Judge(DateTimeOffset at, bool matched, bool exists, string verdict)
        {
            Compared++;
            if (matched)
                Matched++;
            if (matched && exists)
                Existing++;
            if (LastAt is { } last && (last > at || last == at && string.CompareOrdinal(Last, verdict) >= 0))
                return;
            (Last, LastAt) = (verdict, at);
        }
    }
}
