namespace Strangler.Gateway.Configuration;

/// <summary>Parts of sentences.</summary>
internal static class Sentence
{
    /// <summary>'a', 'b' and 'c'.</summary>
    public static string List(IEnumerable<string> names)
    {
        var quoted = names.Select(name => $"'{name}'").ToList();
        return quoted.Count <= 1 ? string.Concat(quoted) : $"{string.Join(", ", quoted.SkipLast(1))} and {quoted[^1]}";
    }
}
