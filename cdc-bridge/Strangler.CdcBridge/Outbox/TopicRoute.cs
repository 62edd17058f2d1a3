using System.Text.RegularExpressions;
using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Outbox;

/// <summary>The topic of an event (<c>route.topic.regex</c>, <c>route.topic.replacement</c>).</summary>
internal sealed class TopicRoute
{
    private const int MaxLength = 249;

    private readonly Regex _whole,
        _first;
    private readonly JavaReplacement _replacement;

    /// <exception cref="ArgumentException">Pattern or replacement are malformed.</exception>
    public TopicRoute(string pattern, string replacement)
    {
        _whole = JavaPattern.Compile(pattern, ignoreCase: false);
        _first = new Regex(JavaPattern.Translate(pattern), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        _replacement = JavaReplacement.Parse(replacement, pattern);
    }

    /// <summary>
    /// The topic for a value of the routing column. A value that the pattern doesn't match as a whole is the topic.
    /// Else the first match in it is replaced, which may be a shorter one.
    /// </summary>
    /// <returns>Null if matching takes too long.</returns>
    public string? Of(string route)
    {
        try
        {
            if (!_whole.IsMatch(route))
                return route;
            var match = _first.Match(route);
            return string.Concat(
                route.AsSpan(0, match.Index),
                _replacement.Of(match),
                route.AsSpan(match.Index + match.Length)
            );
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The name, with underscores for the characters that Kafka doesn't allow in a topic.</summary>
    public static string Allowed(string topic)
    {
        var allowed = string.Create(
            Math.Min(topic.Length, MaxLength),
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
