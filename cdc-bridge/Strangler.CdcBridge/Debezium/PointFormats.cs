using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Debezium;

/// <summary>point: its coordinates, and the same as well-known binary (OGC 06-103r4, little-endian).</summary>
internal static class PointFormats
{
    private static readonly ConnectSchema Schema = ConnectSchema
        .Struct(
            new ConnectField("x", ConnectSchema.Float64),
            new ConnectField("y", ConnectSchema.Float64),
            new ConnectField("wkb", ConnectSchema.Bytes.Optional),
            new ConnectField("srid", ConnectSchema.Int32.Optional)
        )
        .Named("io.debezium.data.geometry.Point") with
    {
        Doc = "Geometry (POINT)",
    };

    public static readonly ValueFormat Point = new(Schema, Encode, Zero());

    private static byte[] Zero()
    {
        var json = new ArrayBufferWriter<byte>();
        Write(json, 0, 0);
        return json.WrittenSpan.ToArray();
    }

    private static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        var comma = text.IndexOf((byte)',');
        Write(json, Number(text[1..comma]), Number(text[(comma + 1)..^1]));
    }

    private static double Number(ReadOnlySpan<byte> text) =>
        double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static void Write(ArrayBufferWriter<byte> json, double x, double y)
    {
        json.Write("{\"x\":"u8);
        JavaNumber.Write(json, x);
        json.Write(",\"y\":"u8);
        JavaNumber.Write(json, y);
        json.Write(",\"wkb\":"u8);
        Span<byte> binary = stackalloc byte[21];
        binary[0] = 1; // little-endian
        BinaryPrimitives.WriteInt32LittleEndian(binary[1..], 1); // a point
        BinaryPrimitives.WriteDoubleLittleEndian(binary[5..], x);
        BinaryPrimitives.WriteDoubleLittleEndian(binary[13..], y);
        Base64Text.Write(json, binary);
        json.Write(",\"srid\":null}"u8);
    }
}
