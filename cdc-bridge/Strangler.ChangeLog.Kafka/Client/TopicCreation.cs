using System.Text.RegularExpressions;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>
/// How topics are created: a topic is created as the first group says that includes it, else as the default says.
/// </summary>
public sealed record TopicCreation
{
    /// <summary>A name that could be matched for longer isn't.</summary>
    private static readonly TimeSpan MaxMatch = TimeSpan.FromSeconds(1);

    /// <summary>Connect's <c>topic.creation.default.*</c>.</summary>
    public TopicGroup Default { get; init; } = new();

    /// <summary>In the order of <c>topic.creation.groups</c>.</summary>
    public IReadOnlyList<TopicGroup> Groups { get; init; } = [];

    /// <summary>The group of a topic.</summary>
    public TopicGroup For(string topic) =>
        Groups.FirstOrDefault(group => Matches(group.Include, topic) && !Matches(group.Exclude, topic)) is { } found
            ? found with
            {
                Partitions = found.Partitions == -1 ? Default.Partitions : found.Partitions,
                ReplicationFactor = found.ReplicationFactor == -1 ? Default.ReplicationFactor : found.ReplicationFactor,
            }
            : Default;

    /// <summary>Whether a text is a regular expression.</summary>
    public static bool IsPattern(string text)
    {
        try
        {
            _ = new Regex(Whole(text));
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool Matches(IReadOnlyList<string> patterns, string topic) =>
        patterns.Any(pattern => Matches(pattern, topic));

    private static bool Matches(string pattern, string topic)
    {
        try
        {
            return Regex.IsMatch(topic, Whole(pattern), RegexOptions.None, MaxMatch);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string Whole(string pattern) => $"^(?:{pattern})$";
}
