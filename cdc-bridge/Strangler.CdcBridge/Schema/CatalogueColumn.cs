using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Schema;

/// <summary>A column in the catalogue.</summary>
/// <param name="Number">Its attribute number; a column that was dropped and added again has another one.</param>
/// <param name="Missing">
/// The value of rows from before the column was added (<c>attmissingval</c>); null if none.
/// </param>
internal sealed record CatalogueColumn(
    int Number,
    string Name,
    uint TypeOid,
    int TypeModifier,
    bool NotNull,
    string? Missing,
    TypeModel Type
)
{
    /// <summary>Whether it can't be null by itself or by its domain.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The expression of its default as <c>pg_get_expr</c> writes it; null if none.</summary>
    public string? Default { get; init; }
}
