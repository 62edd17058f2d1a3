using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Strangler.ChangeLog.Tables;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>Which topics the log has, and which records are in them. Pure.</summary>
public static class LogTopics
{
    private const string ControlPrefix = "__strangler.";
    private const int HashLength = 8;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    );

    /// <summary>Whether a topic of this name is the log's own, so that no record may name it.</summary>
    public static bool IsControl(string topic) => topic.StartsWith(ControlPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The control topic of a source. A name that Kafka doesn't allow is told apart from its like by a hash.
    /// </summary>
    internal static string Control(string source)
    {
        var name = ControlPrefix + source;
        if (IsAllowed(name))
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..HashLength];
        var plain = string.Concat(name.Select(one => Allowed.Contains(one) ? one : '_'));
        return $"{plain[..Math.Min(plain.Length, TopicName.MaxLength - HashLength - 1)]}-{hash}";
    }

    /// <summary>
    /// Whether a record goes to its topic: what Debezium itself would publish does, unless Kafka allows no topic of
    /// that name, or it is a control topic.
    /// </summary>
    internal static bool IsPublished(LogRecord record) =>
        record.Kind is not (LogRecordKind.Schema or LogRecordKind.TableRead or LogRecordKind.TableDoubt)
        && IsAllowed(record.Topic)
        && !IsControl(record.Topic);

    /// <summary>Whether a topic is the source's own, so that nobody else writes to it.</summary>
    internal static bool IsOf(string source, string topic) => topic.StartsWith(source + ".", StringComparison.Ordinal);

    private static bool IsAllowed(string name) =>
        name.Length is > 0 and <= TopicName.MaxLength
        && name is not ("." or "..")
        && !name.AsSpan().ContainsAnyExcept(Allowed);
}
