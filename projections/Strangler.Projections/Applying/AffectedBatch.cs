using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// The keys that a batch maps to, one projection at a time. Bounded: keys beyond the limit go to the queue of dirty
/// keys, in the batch's own transaction, and are computed after it.
/// </summary>
internal sealed class AffectedBatch(StoreSession session, IReadOnlyList<BoundProjection> projections, int limit)
{
    private readonly CurrentMirror _mirror = new(session);
    private readonly DirtyStore _dirty = new(session);
    private readonly Dictionary<BoundProjection, AffectedKeys> _affected = projections.ToDictionary(
        projection => projection,
        _ => new AffectedKeys()
    );
    private readonly HashSet<BoundProjection> _spilled = [];

    /// <summary>
    /// Maps images on the mirror as it is now. It can be called several times in a batch: each time the mirror has
    /// exactly the changes whose images have been passed so far.
    /// </summary>
    public async Task MapAsync(IReadOnlyList<Image> images, CancellationToken cancellationToken)
    {
        if (images.Count == 0)
            return;
        foreach (var (projection, affected) in _affected)
        {
            if (!projection.Live)
                continue;
            await KeyWalk.MapAsync(projection, images, _mirror, affected, cancellationToken);
            if (
                affected.All is not null
                || affected.Keys.Count > limit
                || (_spilled.Contains(projection) && affected.Keys.Count > limit / 2)
            )
                await SpillAsync(projection, affected, cancellationToken);
        }
    }

    /// <summary>
    /// The keys to compute within the batch. If a projection has too many keys, they are in the queue instead.
    /// </summary>
    public async Task<IReadOnlyList<(BoundProjection Projection, IReadOnlyDictionary<string, Position> Keys)>> EndAsync(
        CancellationToken cancellationToken
    )
    {
        var keys = new List<(BoundProjection, IReadOnlyDictionary<string, Position>)>();
        foreach (var (projection, affected) in _affected)
        {
            if (!projection.Live)
                continue;
            if (_spilled.Contains(projection))
                await SpillAsync(projection, affected, cancellationToken);
            else if (affected.Keys.Count > 0)
                keys.Add((projection, affected.Keys));
        }
        return keys;
    }

    /// <summary>Projections whose keys went to the queue.</summary>
    public IReadOnlyCollection<BoundProjection> Spilled => _spilled;

    private async Task SpillAsync(
        BoundProjection projection,
        AffectedKeys affected,
        CancellationToken cancellationToken
    )
    {
        _spilled.Add(projection);
        if (affected.All is { } commit)
            await _dirty.AddAllAsync(projection, commit, cancellationToken);
        foreach (var chunk in affected.Keys.Chunk(limit))
            await _dirty.AddAsync(projection.Build, chunk, cancellationToken);
        affected.Clear();
    }
}
