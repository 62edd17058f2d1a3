using System.Buffers;
using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Debezium;

/// <summary>float4 and float8, as Java writes them.</summary>
internal static class FloatFormats
{
    public static void Single(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) =>
        JavaNumber.Write(json, float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));

    public static void Double(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) =>
        JavaNumber.Write(json, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
}
