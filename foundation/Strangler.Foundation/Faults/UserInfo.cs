using System.Text.RegularExpressions;

namespace Strangler.Foundation.Faults;

/// <summary>Takes user and password out of addresses that are in a sentence.</summary>
public static partial class UserInfo
{
    /// <summary><c>http://user:password@host</c> becomes <c>http://…@host</c>.</summary>
    public static string Hide(string text) =>
        text.Contains('@', StringComparison.Ordinal) ? InAddress().Replace(text, "…@") : text;

    // Up to the last '@': a password may hold anything, and a sentence that says too little is better than one that
    // says too much.
    [GeneratedRegex(@"(?<=://).*@", RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex InAddress();
}
