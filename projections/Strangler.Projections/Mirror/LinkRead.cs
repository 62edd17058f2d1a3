using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>A reading of one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Slot">
/// The link column that is compared; null for all rows, which is used for small reference tables only.
/// </param>
/// <param name="Values">The values to match.</param>
internal sealed record LinkRead(MirrorTable Table, int? Slot, IReadOnlyCollection<string> Values)
{
    public static LinkRead All(MirrorTable table) => new(table, null, []);

    /// <summary>The values as a parameter.</summary>
    public string[] Array => Values as string[] ?? [.. Values];
}
