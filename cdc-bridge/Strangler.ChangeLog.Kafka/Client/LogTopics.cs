using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>Which topics the log has, and which records are in them. Pure.</summary>
internal static class LogTopics
{
    private const int MaxLength = 249;
    private const int HashLength = 8;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    );

    /// <summary>
    /// The control topic of a source. A name that Kafka doesn't allow is told apart from its like by a hash.
    /// </summary>
    public static string Control(string source)
    {
        var name = $"__strangler.{source}";
        if (IsAllowed(name))
            return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)))[..HashLength];
        var plain = string.Concat(name.Select(one => Allowed.Contains(one) ? one : '_'));
        return $"{plain[..Math.Min(plain.Length, MaxLength - HashLength - 1)]}-{hash}";
    }

    /// <summary>
    /// Whether a record goes to its topic: what Debezium itself would publish does, unless Kafka allows no topic of
    /// that name.
    /// </summary>
    public static bool IsPublished(LogRecord record) =>
        record.Kind is not (LogRecordKind.Schema or LogRecordKind.TableRead or LogRecordKind.TableDoubt)
        && IsAllowed(record.Topic);

    /// <summary>Whether a topic is the source's own, so that nobody else writes to it.</summary>
    public static bool IsOf(string source, string topic) => topic.StartsWith(source + ".", StringComparison.Ordinal);

    private static bool IsAllowed(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(Allowed);
}
