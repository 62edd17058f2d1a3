using Strangler.CdcBridge.Offsets;

namespace Strangler.CdcBridge.Schema;

/// <summary>
/// Where the catalogue differs from what was last read completely, or last reported as in doubt. Pure.
/// </summary>
/// <param name="Tables">
/// Tables whose rows may differ from those sent: recreated, altered, published again; and those that are not complete.
/// </param>
internal sealed record CatalogueDifference(IReadOnlyList<TableState> Tables)
{
    public bool IsEmpty => Tables.Count == 0;

    public static CatalogueDifference Between(IReadOnlyList<TableOffset> read, IReadOnlyList<TableState> now)
    {
        var known = read.ToDictionary(table => table.Topic);
        return new CatalogueDifference([
            .. now.Where(table =>
                known.GetValueOrDefault(table.Topic) is var before && before?.Fingerprint != table.MarkAfter(before)
            ),
        ]);
    }
}
