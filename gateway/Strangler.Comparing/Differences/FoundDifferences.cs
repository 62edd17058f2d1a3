using System.Text;
using Strangler.Comparing.Json;

namespace Strangler.Comparing.Differences;

/// <summary>Collects what a comparison finds, within bounds.</summary>
internal sealed class FoundDifferences
{
    private const int MaxDifferences = 200;

    /// <summary>General paths and rules that are counted separately; the rest are counted together.</summary>
    private const int MaxIgnored = 1000;
    private readonly List<Difference> _differences = [];
    private readonly Dictionary<(string General, string Rule), int> _ignored = [];
    private bool _truncated;
    private ulong _fingerprint;

    /// <summary>Whether another difference is kept, so that formatting its texts is worthwhile.</summary>
    public bool HasRoom => _differences.Count < MaxDifferences;

    /// <param name="fingerprint">Of its place and the complete values of both sides.</param>
    /// <param name="difference">Null if there is no room for it.</param>
    public void Add(ulong fingerprint, Difference? difference)
    {
        _fingerprint += HashMix.Spread(fingerprint);
        if (difference is null)
            _truncated = true;
        else
            _differences.Add(difference);
    }

    /// <summary>A difference outside of JSON.</summary>
    public void Add(DifferenceKind kind, string path, string? legacy, string? lookup, ulong values = 0)
    {
        var print = HashMix.Add(HashMix.Add(HashMix.Bytes(Encoding.UTF8.GetBytes(path)), (ulong)kind), values);
        foreach (var value in new[] { legacy, lookup })
            print = HashMix.Add(print, value is null ? 0 : HashMix.Bytes(Encoding.UTF8.GetBytes(value)));
        Add(
            print,
            HasRoom
                ? new Difference(
                    kind,
                    path,
                    path,
                    legacy is null ? null : ValueText.Cut(legacy),
                    lookup is null ? null : ValueText.Cut(lookup)
                )
                : null
        );
    }

    public void Ignore(string general, string rule)
    {
        var key = (general, rule);
        if (_ignored.Count >= MaxIgnored && !_ignored.ContainsKey(key))
            key = ("…", rule);
        _ignored[key] = _ignored.GetValueOrDefault(key) + 1;
    }

    public ComparisonResult Result(UnreadableReason? incomparable)
    {
        if (_differences.Count == 0 && _ignored.Count == 0 && incomparable is null)
            return ComparisonResult.Same;
        var ignored = _ignored
            .Select(pair => new IgnoredDifference(pair.Key.General, pair.Key.Rule, pair.Value))
            .OrderBy(at => at.General, StringComparer.Ordinal)
            .ThenBy(at => at.Rule, StringComparer.Ordinal)
            .ToList();
        return new ComparisonResult(_differences, ignored, _truncated)
        {
            Incomparable = incomparable,
            Fingerprint = _differences.Count == 0 ? 0 : Math.Max(_fingerprint, 1),
        };
    }
}
