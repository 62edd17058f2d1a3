using System.Collections.Frozen;
using System.Text;

namespace Strangler.CdcBridge.Encoding;

/// <summary>
/// Decodes the bytes of a source's values. Usually the server has converted them to UTF-8. If it can't (a database in
/// SQL_ASCII, whose encoding nobody knows; a byte that has no equivalent in UTF-8), a session without conversion sends
/// the bytes unchanged, and they are decoded here: bytes without a meaning are reported, never replaced.
/// </summary>
internal sealed class SourceText
{
    public const string SqlAscii = "SQL_ASCII";

    /// <summary>
    /// PostgreSQL's names of single-byte encodings, with .NET's code pages. A test compares them with the server's own
    /// conversion, byte by byte.
    /// </summary>
    private static readonly FrozenDictionary<string, int> CodePages = new Dictionary<string, int>
    {
        ["LATIN1"] = 28591,
        ["LATIN2"] = 28592,
        ["LATIN9"] = 28605,
        ["WIN1250"] = 1250,
        ["WIN1251"] = 1251,
        ["WIN1252"] = 1252,
        ["WIN1253"] = 1253,
        ["WIN1254"] = 1254,
        ["WIN1257"] = 1257,
        ["KOI8R"] = 20866,
        ["WIN866"] = 866,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The server converts: values are UTF-8, if the database's own bytes are.</summary>
    public static readonly SourceText Utf8 = new("UTF8", null);

    private readonly char[]? _high;

    private SourceText(string encoding, char[]? high) => (Encoding, _high) = (encoding, high);

    /// <summary>The database's encoding.</summary>
    public string Encoding { get; }

    /// <summary>Whether every character that isn't ASCII counts as bytes without a meaning.</summary>
    public bool IsBlind => IsBlindTo(Encoding);

    /// <summary>
    /// Whether unconverted bytes can't be decoded, because the encoding has more than one byte per character, or no
    /// code page.
    /// </summary>
    public static bool IsBlindTo(string encoding) =>
        encoding is not ("UTF8" or SqlAscii) && !CodePages.ContainsKey(encoding);

    /// <summary>Decodes bytes that were not converted.</summary>
    public static SourceText Raw(string encoding) =>
        new(encoding, CodePages.TryGetValue(encoding, out var page) ? High(page) : null);

    /// <summary>Converts a value to UTF-8; false if its bytes are not text.</summary>
    public bool TryDecode(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> utf8)
    {
        utf8 = text;
        if (!Ascii.IsValid(text))
        {
            if (_high is null)
                return !IsBlind && System.Text.Unicode.Utf8.IsValid(text);
            var characters = new char[text.Length];
            for (var i = 0; i < text.Length; i++)
            {
                characters[i] = text[i] < 0x80 ? (char)text[i] : _high[text[i] - 0x80];
                if (characters[i] == '\0')
                    return false;
            }
            utf8 = System.Text.Encoding.UTF8.GetBytes(characters);
        }
        return true;
    }

    /// <summary>The characters of the bytes from 0x80 up; U+0000 for a byte that has none.</summary>
    private static char[] High(int page)
    {
        var encoding =
            page == 28591 ? System.Text.Encoding.Latin1 : CodePagesEncodingProvider.Instance.GetEncoding(page)!;
        var high = new char[128];
        for (var i = 0; i < high.Length; i++)
        {
            var character = encoding.GetString([(byte)(0x80 + i)])[0];
            // Windows code pages have control and private-use characters where nothing is defined.
            var isUndefined =
                character is '\uFFFD' or (>= '\uE000' and <= '\uF8FF')
                || (page is < 28591 or > 28605 && character is >= '\u0080' and <= '\u009F');
            high[i] = isUndefined ? '\0' : character;
        }
        return high;
    }
}
