using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.RegularExpressions;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>bytea, and the text of types that Debezium doesn't know.</summary>
internal static partial class BinaryFormats
{
    public static ValueFormat Bytea(BinaryHandling handling) => Of(handling, Hexadecimal);

    private static byte[] Hexadecimal(ReadOnlySpan<byte> text)
    {
        var digits = text[2..]; // without \x
        return Convert.FromHexString(System.Text.Encoding.ASCII.GetString(digits));
    }

    /// <summary>PostgreSQL's text in UTF-8, taken as bytes.</summary>
    public static ValueFormat Unknown(BinaryHandling handling) => Of(handling, static text => text.ToArray());

    /// <summary>The same for geometric types, whose numbers the driver writes as Java does.</summary>
    public static ValueFormat Geometric(BinaryHandling handling) =>
        Of(
            handling,
            static text =>
                System.Text.Encoding.ASCII.GetBytes(
                    Number()
                        .Replace(
                            System.Text.Encoding.ASCII.GetString(text),
                            static number => JavaNumber.Text(double.Parse(number.Value, CultureInfo.InvariantCulture))
                        )
                )
        );

    [GeneratedRegex(@"-?\d+(\.\d+)?(e[+-]?\d+)?")]
    private static partial Regex Number();

    private static ValueFormat Of(BinaryHandling handling, Func<ReadOnlySpan<byte>, byte[]> read) =>
        new(
            handling == BinaryHandling.Bytes ? ConnectSchema.Bytes : ConnectSchema.String,
            (text, json) => Write(json, handling, read(text)),
            [.. "\"\""u8]
        );

    private static void Write(ArrayBufferWriter<byte> json, BinaryHandling handling, byte[] bytes)
    {
        switch (handling)
        {
            case BinaryHandling.Hex:
                JsonText.String(json, System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
                break;
            case BinaryHandling.Base64UrlSafe:
                var text = Base64Url.EncodeToString(bytes);
                JsonText.String(
                    json,
                    System.Text.Encoding.ASCII.GetBytes(text.PadRight((text.Length + 3) / 4 * 4, '='))
                );
                break;
            default:
                Base64Text.Write(json, bytes);
                break;
        }
    }
}
