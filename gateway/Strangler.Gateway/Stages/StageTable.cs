using System.Collections.Concurrent;
using System.Collections.Frozen;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>
/// The stages that requests are answered by: an immutable snapshot, swapped whole. A store that is gone changes nothing
/// here. A route that this gateway has put back itself is in legacy at once, also while the store cannot be told, until
/// the store's version has moved.
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

    /// <summary>Routes that were put back here and of which the store has yet to be told.</summary>
    public IReadOnlyCollection<PutBack> Pending => [.. _putBack.Values];

    /// <summary>Takes what the store holds now.</summary>
    public void Take(IReadOnlyList<RouteStage> stages)
    {
        _current = new StageSnapshot(stages.ToFrozenDictionary(stage => stage.Route, StringComparer.Ordinal), null);
        foreach (var putBack in _putBack.Values)
        {
            if (_current.Find(putBack.Route)?.Version != putBack.Version)
                _putBack.TryRemove(KeyValuePair.Create(putBack.Route, putBack));
        }
    }

    /// <summary>The store cannot be read: the stages stay, and reports say why they may be old.</summary>
    public void Keep(string trouble) => _current = _current with { Trouble = trouble };

    /// <summary>Puts a route in legacy here, at once.</summary>
    /// <returns>False if its stage has no call graph behind the lookup, or has been put back already.</returns>
    public bool TryPutBack(string route, string why) =>
        _current.Find(route) is { } known
        && known.Stage.Traits().FallsBack
        && _putBack.TryAdd(route, new PutBack(route, known.Version, why));

    /// <summary>A route that this gateway put back.</summary>
    /// <param name="Version">The store's version that was in force.</param>
    internal sealed record PutBack(string Route, int Version, string Why);
}
