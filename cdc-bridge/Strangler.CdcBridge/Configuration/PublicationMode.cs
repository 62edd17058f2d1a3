namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Who creates the publication: Debezium's <c>publication.autocreate.mode</c>, except its harmful values.
/// </summary>
internal enum PublicationMode
{
    /// <summary>The bridge creates it for the selected tables, and adds missing ones.</summary>
    Filtered,

    /// <summary>A person has created it; the bridge changes nothing.</summary>
    Disabled,
}
