namespace Strangler.Projections.Declaring;

/// <summary>What the store's type <c>text</c> can hold.</summary>
internal static class StoreText
{
    /// <summary>Whether PostgreSQL takes the text as UTF-8: no character with code zero, no half of a surrogate pair.</summary>
    public static bool Holds(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
