namespace Strangler.CdcBridge.Configuration;

/// <summary>Words of a sentence that a person may write.</summary>
internal static class QuotedWords
{
    /// <summary><c>'a'</c>, <c>'a' or 'b'</c>, <c>'a', 'b' or 'c'</c>.</summary>
    public static string Alternatives(IEnumerable<string> words)
    {
        var quoted = words.Select(word => $"'{word}'").ToList();
        return quoted.Count < 2 ? string.Concat(quoted) : $"{string.Join(", ", quoted.SkipLast(1))} or {quoted[^1]}";
    }
}
