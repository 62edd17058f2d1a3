using Strangler.Projections.Declaring;

namespace Strangler.Projections.Binding;

/// <summary>One projection's use of a mirrored table.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Index">The table's index in the projection's declaration.</param>
/// <param name="Model">What it declares.</param>
/// <param name="Mirror">The mirrored table.</param>
/// <param name="Slots">The link column of each of the model's links, by ordinal.</param>
internal sealed record TableUse(
    BoundProjection Projection,
    int Index,
    TableModel Model,
    MirrorTable Mirror,
    int[] Slots
)
{
    /// <summary>The link column that holds the values of <paramref name="link"/>.</summary>
    public int Slot(LinkModel link) => Slots[link.Ordinal];
}
