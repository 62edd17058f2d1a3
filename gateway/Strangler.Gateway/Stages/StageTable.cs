using System.Collections.Concurrent;
using System.Collections.Frozen;
using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>
/// The stages by which requests are answered: an immutable snapshot, swapped atomically. If the store is down, nothing
/// changes here. A route that this gateway has put back is in legacy at once, even while that can't be written to the
/// store, until the store has a version above the one that was in force.
/// </summary>
/// <remarks>
/// Versions only rise. One that goes back, or the same one with another content, says that the store was put back to an
/// older copy: the stage that it holds may be one that a person has undone since. The route is put back to legacy then.
/// </remarks>
/// <param name="first">What it holds before the store has been read.</param>
internal sealed class StageTable(StageSnapshot first)
{
    private readonly ConcurrentDictionary<string, PutBack> _putBack = new(StringComparer.Ordinal);

    /// <summary>The highest version that was seen of each route. Only <see cref="Take"/> looks at it.</summary>
    private readonly Dictionary<string, RouteStage> _newest = new(StringComparer.Ordinal);
    private volatile StageSnapshot _current = first;

    public StageTable()
        : this(StageSnapshot.Unread) { }

    public StageSnapshot Current => _current;

    /// <summary>Why the file of the stages isn't read or written. Null if nothing is wrong with it.</summary>
    public string? FileTrouble { get; set; }

    /// <summary>Who answers a route now.</summary>
    public Stage StageOf(string route)
    {
        if (_current.Find(route) is not { } known)
            return Stage.Legacy;
        return PutBackOf(known)?.To ?? known.Stage;
    }

    /// <summary>Routes that were put back here and aren't in the store as such yet, with what it holds.</summary>
    public IReadOnlyList<(PutBack PutBack, RouteStage Stored)> Pending =>
        [
            .. _current
                .Routes.Values.Select(known => (PutBack: PutBackOf(known), Stored: known))
                .Where(pending => pending.PutBack is not null)
                .Select(pending => (pending.PutBack!, pending.Stored)),
        ];

    /// <summary>
    /// Why a gateway put a route back to legacy, until a person sets its stage; null if none has, or if somebody did.
    /// </summary>
    public string? WhyPutBack(string route) =>
        _current.Find(route) is not { } known ? null
        : PutBackOf(known) is { Guard: null } putBack ? putBack.Why
        : known.Who == StagePoll.Gateway ? known.Why
        : null;

    /// <summary>Takes the current stages from the store; one caller at a time.</summary>
    /// <returns>Routes whose version was found to have gone back, once each time that it did.</returns>
    public IReadOnlyList<PutBack> Take(IReadOnlyList<RouteStage> stages)
    {
        var wentBack = new List<PutBack>();
        foreach (var stage in stages)
        {
            if (!_newest.TryGetValue(stage.Route, out var newest) || stage.Version > newest.Version)
                _newest[stage.Route] = stage;
            else if (stage != newest)
            {
                var putBack = new PutBack(stage.Route, newest.Version, WentBack(newest, stage));
                // before the snapshot is swapped, so that no request finds the older stage in force
                _putBack.AddOrUpdate(stage.Route, putBack, (_, held) => Later(held, putBack));
                if (_current.Find(stage.Route) != stage)
                    wentBack.Add(putBack);
            }
        }
        _current = new StageSnapshot(stages.ToFrozenDictionary(stage => stage.Route, StringComparer.Ordinal), null);
        foreach (var putBack in _putBack.Values)
        {
            if (_current.Find(putBack.Route)?.Version > putBack.Version)
                _putBack.TryRemove(KeyValuePair.Create(putBack.Route, putBack));
        }
        return wentBack;
    }

    /// <summary>
    /// Takes what an earlier process knew, before the store has been read. Versions of all routes count from there on.
    /// </summary>
    /// <param name="all">Every route that it knew.</param>
    /// <param name="inForce">Those whose stages are in force.</param>
    /// <param name="putBack">Routes that it had put back and that the store wasn't told.</param>
    /// <param name="trouble">Why reports show these stages.</param>
    public void Remember(
        IReadOnlyList<RouteStage> all,
        IReadOnlyList<RouteStage> inForce,
        IReadOnlyList<PutBack> putBack,
        string trouble
    )
    {
        foreach (var stage in all)
            _newest[stage.Route] = stage;
        foreach (var one in putBack)
            _putBack.TryAdd(one.Route, one);
        _current = new StageSnapshot(inForce.ToFrozenDictionary(stage => stage.Route, StringComparer.Ordinal), trouble);
    }

    /// <summary>The store can't be read: the stages stay, and reports tell why they may be old.</summary>
    public void Keep(string trouble) => _current = _current with { Trouble = trouble };

    /// <summary>Puts a route back to legacy here, at once.</summary>
    /// <returns>False if its stage has no call graph behind the lookup, or if it has already been put back.</returns>
    public bool TryPutBack(string route, string why) =>
        _current.Find(route) is { } known && TryPutBack(new PutBack(route, known.Version, why));

    /// <summary>Puts a route back here, at once.</summary>
    /// <returns>
    /// False if it has another version by now, its stage has no call graph behind the lookup, or it has already been
    /// put back as far.
    /// </returns>
    public bool TryPutBack(PutBack putBack) =>
        _current.Find(putBack.Route) is { } known
        && known.Version == putBack.Version
        && known.Stage.Traits().FallsBack
        && ReferenceEquals(_putBack.AddOrUpdate(putBack.Route, putBack, (_, held) => Later(held, putBack)), putBack);

    /// <summary>How a route was put back here, while the store doesn't have that yet. Null: it wasn't.</summary>
    public PutBack? FindPutBack(string route) => _current.Find(route) is { } known ? PutBackOf(known) : null;

    private PutBack? PutBackOf(RouteStage known) =>
        !_putBack.IsEmpty && _putBack.TryGetValue(known.Route, out var putBack) && known.Version <= putBack.Version
            ? putBack
            : null;

    /// <summary>Of two at one version, the one that goes further back.</summary>
    private static PutBack Later(PutBack held, PutBack other) =>
        held.Version < other.Version || (held.Version == other.Version && other.To < held.To) ? other : held;

    private static string WentBack(RouteStage newest, RouteStage stored) =>
        $"The store was put back to an older copy: it holds version {stored.Version} of the stage ("
        + $"'{stored.Stage.Text()}', set by '{stored.Who}' at {stored.ChangedAt:u}), but version {newest.Version} was "
        + $"in force ('{newest.Stage.Text()}', set by '{newest.Who}' at {newest.ChangedAt:u}). Legacy answers until "
        + $"somebody sets the stage again: 'strangler promote {stored.Route}'.";

    /// <summary>A route that this gateway put back.</summary>
    /// <param name="Version">The highest version that was in force: it ends once the store has a higher one.</param>
    internal sealed record PutBack(string Route, int Version, string Why)
    {
        /// <summary>Its stage here.</summary>
        public Stage To { get; init; } = Stage.Legacy;

        /// <summary>Who put it back.</summary>
        public string Who { get; init; } = StagePoll.Gateway;

        /// <summary>The rule of the guard that tripped. Null: none did.</summary>
        public string? Guard { get; init; }

        /// <summary>Whether the route isn't promoted until a person lifts that.</summary>
        public bool IsFrozen { get; init; }

        /// <summary>The evidence, as JSON text. Null: none is needed.</summary>
        public string? Evidence { get; init; }
    }
}
