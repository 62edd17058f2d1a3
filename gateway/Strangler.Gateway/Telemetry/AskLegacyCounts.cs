using System.Collections.Concurrent;
using Strangler.Evidence;

namespace Strangler.Gateway.Telemetry;

/// <summary>
/// Requests of a route for which the projection asks legacy, by its reasons. The first of them are told apart; all
/// further ones count together.
/// </summary>
internal sealed class AskLegacyCounts
{
    public const int MaxReasons = 32;

    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();

    public void Count(string reason)
    {
        if (!_counts.ContainsKey(reason))
            reason = Added(reason);
        _counts.AddOrUpdate(reason, 1, (_, count) => count + 1);
    }

    /// <summary>The reasons, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Read() =>
        [
            .. _counts
                .Where(pair => pair.Value > 0)
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal),
        ];

    private string Added(string reason)
    {
        lock (_adding)
        {
            if (_counts.Count >= MaxReasons && !_counts.ContainsKey(reason))
                reason = CountNames.More;
            _counts.TryAdd(reason, 0);
        }
        return reason;
    }
}
