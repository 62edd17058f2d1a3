using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Schema;

/// <summary>Where the catalogue differs from what was last read completely. Pure.</summary>
/// <param name="Changed">Tables whose rows may be others than those sent: new in the publication, recreated, altered.</param>
/// <param name="Missing">Tables that are published no more.</param>
internal sealed record CatalogueDifference(IReadOnlyList<CatalogueTable> Changed, IReadOnlyList<TableOffset> Missing)
{
    public bool IsEmpty => Changed.Count == 0 && Missing.Count == 0;

    public static CatalogueDifference Between(IReadOnlyList<TableOffset> read, IReadOnlyList<CatalogueTable> now, string prefix)
    {
        var known = read.ToDictionary(table => table.Topic);
        var topics = now.Select(table => TopicName.Of(prefix, table.Schema, table.Table)).ToList();
        return new CatalogueDifference(
            [.. now.Where((table, i) => !known.TryGetValue(topics[i], out var before) || before.Fingerprint != table.Fingerprint())],
            [.. read.Where(table => !topics.Contains(table.Topic))]);
    }
}
