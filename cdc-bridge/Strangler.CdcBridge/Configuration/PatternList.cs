namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Regular expressions in one text, separated by commas. A comma that belongs to an expression is written with a
/// backslash before it.
/// </summary>
internal static class PatternList
{
    /// <returns>Without empty entries, and each without spaces around it.</returns>
    /// <exception cref="ArgumentException">The text ends with a backslash.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var entries = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (++i == text.Length)
                    throw new ArgumentException("It ends with a backslash.", nameof(text));
            }
            else if (text[i] == ',')
            {
                Add(text[start..i]);
                start = i + 1;
            }
        }
        Add(text[start..]);
        return entries;

        void Add(string entry)
        {
            if (entry.Trim() is { Length: > 0 } trimmed)
                entries.Add(trimmed.Replace(@"\,", ",", StringComparison.Ordinal));
        }
    }
}
