namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Which characters of a name are replaced (<c>schema.name.adjustment.mode</c>, <c>field.name.adjustment.mode</c>).
/// </summary>
internal enum NameAdjustment
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those that Avro doesn't allow become an underscore.</summary>
    Avro,

    /// <summary>Those that Avro doesn't allow become <c>_uXXXX</c>.</summary>
    AvroUnicode,
}
