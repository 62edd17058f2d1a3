using System.Text.RegularExpressions;

namespace Strangler.Foundation.Faults;

/// <summary>Removes user and password from addresses in a sentence.</summary>
public static partial class UserInfo
{
    /// <summary><c>http://user:password@host</c> becomes <c>http://…@host</c>.</summary>
    public static string Hide(string text) =>
        text.Contains('@', StringComparison.Ordinal) ? InAddress().Replace(text, "…@") : text;

    // Up to the last '@': a password may contain any character, and a sentence that shows too little is better than one
    // that shows too much.
    [GeneratedRegex(@"(?<=://).*@", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex InAddress();
}
