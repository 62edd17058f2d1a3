using System.Globalization;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// The capturing groups of a pattern. Java counts all of them in the order in which they open; .NET counts those
/// without a name first.
/// </summary>
internal static class JavaGroups
{
    /// <returns>The name under which .NET has each group: its own, or its number.</returns>
    public static IReadOnlyList<string> Of(string pattern)
    {
        var groups = new List<string>();
        var unnamed = 0;
        var isBracketed = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length && pattern[i + 1] == 'Q':
                    var end = pattern.IndexOf(@"\E", i, StringComparison.Ordinal);
                    i = end < 0 ? pattern.Length : end + 1;
                    break;
                case '\\':
                    i++;
                    break;
                case '[':
                    isBracketed = true;
                    break;
                case ']':
                    isBracketed = false;
                    break;
                case '(' when !isBracketed:
                    var rest = pattern.AsSpan(i + 1);
                    if (!rest.StartsWith("?"))
                        groups.Add((++unnamed).ToString(CultureInfo.InvariantCulture));
                    else if (rest.StartsWith("?<") && rest.Length > 2 && char.IsAsciiLetter(rest[2]))
                        groups.Add(rest[2..rest.IndexOf('>')].ToString());
                    break;
                default:
                    break;
            }
        }
        return groups;
    }
}
