namespace Strangler.Projections.Telemetry;

/// <summary>What a sentence for people takes of a key, or of what the team's code says.</summary>
internal static class ShortText
{
    private const int MaxLength = 400;

    /// <summary>The beginning of a text whose length nobody has bounded.</summary>
    public static string Of(string text)
    {
        if (text.Length <= MaxLength)
            return text;
        var end = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"{text.AsSpan(0, end)}…";
    }
}
