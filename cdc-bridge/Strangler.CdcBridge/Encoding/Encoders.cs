using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Encoding;

/// <summary>The encoder for each type. Object ids of built-in types never change (pg_type.dat).</summary>
internal static class Encoders
{
    private const uint Bool = 16,
        Bytea = 17,
        Int8 = 20,
        Int2 = 21,
        Int4 = 23,
        Oid = 26,
        Float4 = 700,
        Float8 = 701,
        Date = 1082,
        Time = 1083,
        Timestamp = 1114,
        TimestampWithZone = 1184,
        Box = 603;

    private const string Placeholder = "__debezium_unavailable_value";
    private static readonly byte[] Unavailable = JsonText.String(Placeholder);
    private static readonly byte[] UnavailableBinary = JsonText.String(
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Placeholder))
    );

    /// <summary>The encoder of a column's type.</summary>
    public static ValueEncoder For(TypeModel type, int typeModifier) =>
        type.ElementOid switch
        {
            0 => ForBase(type.BaseOid, typeModifier),
            Box => TextEncoding.Encode, // its elements are separated by semicolons and contain commas
            var element => ArrayEncoding.Of(ForBase(element, typeModifier)),
        };

    /// <summary>Debezium's placeholder for a TOAST value that was not sent, in base64 for bytea.</summary>
    public static byte[] UnavailableFor(TypeModel type) =>
        type is { ElementOid: 0, BaseOid: Bytea } ? UnavailableBinary : Unavailable;

    /// <summary>Whether a value that was sent looks like the placeholder, because a user typed it.</summary>
    public static bool ResemblesUnavailable(ReadOnlySpan<byte> json) =>
        json.SequenceEqual(Unavailable) || json.SequenceEqual(UnavailableBinary);

    private static ValueEncoder ForBase(uint oid, int typeModifier) =>
        oid switch
        {
            Bool => BooleanEncoding.Encode,
            Int2 or Int4 or Int8 or Oid => NumberEncoding.Integer,
            Float4 or Float8 => NumberEncoding.Float,
            Bytea => BinaryEncoding.Encode,
            Date => TimeEncoding.Date,
            Time => TimeEncoding.Time,
            Timestamp => TimeEncoding.Timestamp,
            TimestampWithZone => TimeEncoding.TimestampWithZone(typeModifier),
            _ => TextEncoding.Encode,
        };
}
