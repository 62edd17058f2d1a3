using System.Globalization;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Outbox;

/// <summary>The topic of an event (<c>route.topic.regex</c>, <c>route.topic.replacement</c>).</summary>
internal sealed class TopicRoute
{
    private readonly JavaPattern _pattern;
    private readonly JavaReplacement _replacement;

    /// <exception cref="ArgumentException">Pattern or replacement are malformed.</exception>
    public TopicRoute(string pattern, string replacement)
    {
        _pattern = JavaPattern.Compile(pattern, "route.topic.regex", ignoreCase: false);
        _replacement = JavaReplacement.Parse(replacement, _pattern);
    }

    /// <summary>
    /// The topic for a value of the routing column. A value that the pattern doesn't match as a whole is the topic.
    /// Else the first match in it is replaced, which may be a shorter one.
    /// </summary>
    /// <returns>Null if matching takes too long.</returns>
    public string? Of(string route) =>
        _pattern.TryMatch(route) switch
        {
            true => _pattern.ReplaceFirst(route, _replacement),
            false => route,
            null => null,
        };

    /// <summary>Why no event may be written to a topic that has an allowed name; null if it may.</summary>
    public static string? Refusal(string topic) =>
        topic.Length > TopicName.MaxLength
            ? string.Create(CultureInfo.InvariantCulture, $"its topic has more than {TopicName.MaxLength} characters")
        : LogTopics.IsControl(topic) ? "its topic belongs to the log itself"
        : null;

    /// <summary>The name, with underscores for the characters that Kafka doesn't allow in a topic.</summary>
    public static string Allowed(string topic)
    {
        var allowed = string.Create(
            topic.Length,
            topic,
            static (name, topic) =>
            {
                for (var i = 0; i < name.Length; i++)
                    name[i] = char.IsAsciiLetterOrDigit(topic[i]) || topic[i] is '.' or '_' or '-' ? topic[i] : '_';
            }
        );
        return allowed is "" or "." or ".." ? "_" : allowed;
    }
}
