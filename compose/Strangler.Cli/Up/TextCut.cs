using Strangler.Foundation.Processes;

namespace Strangler.Cli.Up;

/// <summary>Bounds what a part says by its length. Pure.</summary>
internal static class TextCut
{
    /// <summary>The text, or where it is longer, its beginning and a mark; no character is cut in two.</summary>
    public static string At(int maxLength, string text)
    {
        if (text.Length <= maxLength)
            return text;
        var end = char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
        return text[..end] + BoundedLineReader.CutMark;
    }
}
