using System.Security.Cryptography;
using System.Text;

namespace Strangler.Projections.Declaring;

/// <summary>The limits of the store's type <c>text</c> and of an index over it.</summary>
internal static class StoreText
{
    // A PostgreSQL btree holds values of up to a third of a page.
    private const int MaxIndexedBytes = 2_000;
    private const string DigestMark = "\u0001sha256:";

    /// <summary>
    /// Whether the text can be a key. A longer one has no document, so legacy answers requests for it.
    /// </summary>
    public static bool HoldsKey(string text) => Holds(text) && !NeedsDigest(text);

    /// <summary>
    /// The text of a link as an index holds it: longer texts become a digest, so that equal values still have equal
    /// texts and different values different ones.
    /// </summary>
    public static string Indexed(string text) =>
        NeedsDigest(text) ? DigestMark + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : text;

    private static bool NeedsDigest(string text) =>
        Encoding.UTF8.GetByteCount(text) > MaxIndexedBytes || text.StartsWith(DigestMark, StringComparison.Ordinal);

    /// <summary>
    /// Whether PostgreSQL accepts the text as UTF-8: no character with code zero, no half of a surrogate pair.
    /// </summary>
    public static bool Holds(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }
}
