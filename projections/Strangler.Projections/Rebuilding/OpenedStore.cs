using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Rebuilding;

/// <summary>The state with which an applier starts.</summary>
/// <param name="Checkpoint">The checkpoint that was taken over.</param>
/// <param name="Tables">The mirrored tables.</param>
/// <param name="Projections">All loaded projections, including those that have stopped.</param>
internal sealed record OpenedStore(
    Checkpoint Checkpoint,
    IReadOnlyList<MirrorTable> Tables,
    IReadOnlyList<BoundProjection> Projections
)
{
    /// <summary>The builds of the projections that take part.</summary>
    public int[] LiveBuilds() => [.. Projections.Where(one => one.Live).Select(one => one.Build)];
}
