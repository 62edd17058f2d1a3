using System.Collections.Concurrent;
using System.Collections.Frozen;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>
/// The stages by which requests are answered: an immutable snapshot, swapped atomically. If the store is down, nothing
/// changes here. A route that this gateway itself has put back is in legacy at once, even while that can't be written
/// to the store, until the store's version has changed.
/// </summary>
internal sealed class StageTable
{
    private readonly ConcurrentDictionary<string, PutBack> _putBack = new(StringComparer.Ordinal);
    private volatile StageSnapshot _current = StageSnapshot.Unread;

    public StageSnapshot Current => _current;

    /// <summary>Who answers a route now.</summary>
    public Stage StageOf(string route)
    {
        if (_current.Find(route) is not { } known)
            return Stage.Legacy;
        return !_putBack.IsEmpty && _putBack.TryGetValue(route, out var putBack) && putBack.Version == known.Version
            ? Stage.Legacy
            : known.Stage;
    }

    /// <summary>Routes that were put back here and aren't in the store as such yet.</summary>
    public IReadOnlyCollection<PutBack> Pending => [.. _putBack.Values];

    /// <summary>Takes the current stages from the store.</summary>
    public void Take(IReadOnlyList<RouteStage> stages)
    {
        _current = new StageSnapshot(stages.ToFrozenDictionary(stage => stage.Route, StringComparer.Ordinal), null);
        foreach (var putBack in _putBack.Values)
        {
            if (_current.Find(putBack.Route)?.Version != putBack.Version)
                _putBack.TryRemove(KeyValuePair.Create(putBack.Route, putBack));
        }
    }

    /// <summary>The store can't be read: the stages stay, and reports tell why they may be old.</summary>
    public void Keep(string trouble) => _current = _current with { Trouble = trouble };

    /// <summary>Puts a route back to legacy here, at once.</summary>
    /// <returns>False if its stage has no call graph behind the lookup, or if it has already been put back.</returns>
    public bool TryPutBack(string route, string why) =>
        _current.Find(route) is { } known
        && known.Stage.Traits().FallsBack
        && _putBack.TryAdd(route, new PutBack(route, known.Version, why));

    /// <summary>A route that this gateway put back.</summary>
    /// <param name="Version">The store's version at that time.</param>
    internal sealed record PutBack(string Route, int Version, string Why);
}
