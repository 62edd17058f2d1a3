namespace Strangler.CdcBridge.Configuration;

/// <summary>How values of hstore are written (<c>hstore.handling.mode</c>).</summary>
internal enum HstoreHandling
{
    /// <summary>Text that holds a JSON object.</summary>
    Json,

    /// <summary>A map from text to text.</summary>
    Map,
}
