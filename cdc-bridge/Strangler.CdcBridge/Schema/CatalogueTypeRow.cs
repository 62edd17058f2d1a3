using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Schema;

/// <summary>A type as <see cref="CatalogueQuery"/> reads it.</summary>
internal sealed record CatalogueTypeRow(
    long Place,
    string Name,
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
    public TypeModel ToModel() =>
        new(Name, (uint)BaseOid, (uint)ElementOid)
        {
            BaseName = BaseName,
            ElementName = ElementName,
            Modifier = Modifier,
            Labels = (string[])Labels,
            IsDomain = IsDomain,
            HasDomainElements = HasDomainElements,
        };
}
