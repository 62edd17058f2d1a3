namespace Strangler.Comparing.Json;

/// <summary>The types of JSON (RFC 8259, section 3).</summary>
internal enum JsonKind : byte
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
