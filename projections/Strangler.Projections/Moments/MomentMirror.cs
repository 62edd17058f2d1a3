using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>
/// The mirror at one moment, or with other versions chosen, built from the result of a walk. The same code gathers from
/// it as from the store; nothing in it waits.
/// </summary>
/// <param name="rows">The walk's result.</param>
/// <param name="index">Returns a mirrored table's index in the declaration.</param>
/// <param name="holds">Whether a version is the chosen one of its row.</param>
internal sealed class MomentMirror(
    BracketRows rows,
    Func<MirrorTable, int> index,
    Func<int, BracketVersion, bool> holds
) : IMirrorReader
{
    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<IReadOnlyList<RowVersion>>>([.. reads.Select(Read)]);

    private List<RowVersion> Read(LinkRead read)
    {
        var (found, place) = (new List<RowVersion>(), index(read.Table));
        if (read.Slot is { } slot)
        {
            foreach (var value in read.Values)
                Take(rows.ByLink(place, slot, value));
        }
        else
            Take(rows.Tables[place]);
        return found;

        void Take(IReadOnlyList<BracketVersion> versions)
        {
            foreach (var version in versions)
            {
                if (holds(place, version))
                    found.Add(version.Version);
            }
        }
    }
}
