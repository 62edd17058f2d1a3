namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>A text's tokens and whether white space stands between them; null where the text isn't JSON.</summary>
internal sealed record TokenizedText(TokenTree Tree, bool? Spaced)
{
    /// <summary>The text's tokens; a text that isn't JSON, or none, is one literal.</summary>
    public static TokenizedText Of(string? text)
    {
        if (text is null)
            return new(new TokenTree.Literal("null"), null);
        try
        {
            var reader = new TokenReader(text);
            var tree = reader.ReadAll();
            return new(tree, reader.Spaced);
        }
        catch (FormatException)
        {
            return new(new TokenTree.Literal(text), null);
        }
    }
}
