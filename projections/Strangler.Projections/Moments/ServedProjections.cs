using Strangler.Projections.Binding;

namespace Strangler.Projections.Moments;

/// <param name="Source">The source's name.</param>
/// <param name="Fence">The applier's number.</param>
/// <param name="Projections">All loaded projections, including those that have stopped.</param>
internal sealed record ServedProjections(string Source, long Fence, IReadOnlyList<BoundProjection> Projections);
