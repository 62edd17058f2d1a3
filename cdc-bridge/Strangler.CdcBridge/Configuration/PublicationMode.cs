namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Who makes the publication: Debezium's <c>publication.autocreate.mode</c>, as far as it does no harm.
/// </summary>
internal enum PublicationMode
{
    /// <summary>The bridge creates it for the selected tables, and adds what is missing.</summary>
    Filtered,

    /// <summary>A person has created it; the bridge changes nothing.</summary>
    Disabled,
}
