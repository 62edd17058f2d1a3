namespace Strangler.CdcBridge.Schema;

/// <summary>What the stream doesn't say about a table, and the catalogue does.</summary>
/// <param name="Key">
/// The columns of the key in order: those of the identity's index if it is USING INDEX, else the primary key's.
/// </param>
/// <param name="UniqueKey">
/// The columns of the primary key, or else of the first unique index of columns: Debezium's choice of a key.
/// </param>
/// <param name="Columns">By name.</param>
internal sealed record TableFacts(
    IReadOnlyList<string> Key,
    IReadOnlyList<string> UniqueKey,
    IReadOnlyDictionary<string, CatalogueColumn> Columns
)
{
    /// <summary>Of a table that the catalogue doesn't have.</summary>
    public static readonly TableFacts None = new([], [], new Dictionary<string, CatalogueColumn>());
}
