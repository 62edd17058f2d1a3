using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Schema;

/// <summary>A column with its table, as <see cref="CatalogueQuery"/> reads it.</summary>
internal sealed record CatalogueRow(
    long Oid,
    string Schema,
    string Table,
    bool Partitioned,
    string Identity,
    bool IsFiltered,
    Array Key,
    Array UniqueKey,
    bool IsTable,
    string? Preset,
    bool IsSent,
    string Membership,
    string? Files,
    string? ForeignPart,
    string? Types,
    bool? IsNarrowed,
    int Number,
    string Name,
    long TypeOid,
    int TypeModifier,
    string TypeName,
    bool NotNull,
    bool IsRequired,
    string? Missing,
    long BaseOid,
    string BaseName,
    int Modifier,
    bool IsDomain,
    long ElementOid,
    string ElementName,
    bool HasDomainElements,
    Array Labels
)
{
    public CatalogueColumn ToColumn() =>
        new(
            Number,
            Name,
            (uint)TypeOid,
            TypeModifier,
            NotNull,
            Missing,
            new TypeModel(TypeName, (uint)BaseOid, (uint)ElementOid)
            {
                BaseName = BaseName,
                ElementName = ElementName,
                Modifier = Modifier,
                Labels = (string[])Labels,
                IsDomain = IsDomain,
                HasDomainElements = HasDomainElements,
            }
        )
        {
            Default = Preset,
            IsRequired = IsRequired,
        };
}
