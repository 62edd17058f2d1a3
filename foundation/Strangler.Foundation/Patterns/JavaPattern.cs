using System.Text.RegularExpressions;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Patterns;

/// <summary>
/// A regular expression that a configuration has, as Java reads it, and as Debezium and Kafka Connect use it: it
/// matches a whole name. Where Java and .NET mean different things by the same text, it is translated; what .NET can't
/// express is an error. Matching takes at most a second: whether a name matches isn't known then, which is a fault of
/// the setting.
/// </summary>
public sealed class JavaPattern
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    private readonly Regex _whole,
        _part;
    private readonly string _setting;

    private JavaPattern(string text, string setting, bool ignoreCase)
    {
        var translation = new JavaTranslation(text);
        (Text, _setting, Groups) = (text, setting, translation.Groups);
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        _part = new Regex(translation.Text, options, MaxTime);
        _whole = new Regex($@"\A(?:{translation.Text})\z", options, MaxTime);
    }

    /// <summary>As it is written, in Java's words.</summary>
    public string Text { get; }

    /// <summary>The name under which .NET has each capturing group, in Java's order.</summary>
    internal IReadOnlyList<string> Groups { get; }

    /// <param name="text">The expression.</param>
    /// <param name="setting">The setting that has it, such as <c>Source:table.include.list</c>.</param>
    /// <param name="ignoreCase">Whether upper and lower case are alike.</param>
    /// <exception cref="ArgumentException">It is not a regular expression, or one that .NET can't express.</exception>
    public static JavaPattern Compile(string text, string setting, bool ignoreCase = true) =>
        new(text, setting, ignoreCase);

    /// <summary>Whether a whole name matches.</summary>
    /// <exception cref="FaultException">It takes more than a second.</exception>
    public bool IsMatch(string name) =>
        TryMatch(name)
        ?? throw new FaultException(
            new Fault(
                _setting,
                $"A regular expression in it takes more than a second to match '{name}'.",
                "Write it without a repetition within a repetition, such as '(a+)+'."
            )
        );

    /// <summary>Whether a whole text matches; null if it takes more than a second.</summary>
    public bool? TryMatch(string text)
    {
        try
        {
            return _whole.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>
    /// A text with its first match replaced, which may be a shorter one than the whole text; null if that takes more
    /// than a second.
    /// </summary>
    public string? ReplaceFirst(string text, JavaReplacement replacement)
    {
        try
        {
            return _part.Replace(text, replacement.Of, 1);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The expression.</summary>
    public override string ToString() => Text;
}
