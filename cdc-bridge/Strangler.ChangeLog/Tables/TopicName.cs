namespace Strangler.ChangeLog.Tables;

/// <summary>
/// The topic of a table, as Debezium's SchemaTopicNamingStrategy names it. This is the only place that builds it: the
/// bridge writes under it and readers find their tables by it. Not reversible, and two tables may have the same one
/// (<see cref="Shared"/>).
/// </summary>
public static class TopicName
{
    /// <summary>How many characters Kafka allows in the name of a topic.</summary>
    public const int MaxLength = 249;

    /// <summary><c>prefix.schema.table</c>; characters that Kafka doesn't allow in a name become underscores.</summary>
    public static string Of(string prefix, string schema, string table, string delimiter = ".")
    {
        var name = string.Create(
            prefix.Length + schema.Length + table.Length + 2 * delimiter.Length,
            (prefix, schema, table, delimiter),
            static (span, parts) =>
            {
                var text = $"{parts.prefix}{parts.delimiter}{parts.schema}{parts.delimiter}{parts.table}";
                for (var i = 0; i < span.Length; i++)
                    span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '_' or '-' ? text[i] : '_';
            }
        );
        return name.Length <= MaxLength ? name : name[..MaxLength];
    }

    /// <summary>
    /// The tables that share a topic with another one, by topic, each group sorted. Their rows couldn't be told apart.
    /// </summary>
    public static IReadOnlyList<(string Topic, IReadOnlyList<(string Schema, string Table)> Tables)> Shared(
        string prefix,
        IEnumerable<(string Schema, string Table)> tables,
        string delimiter = "."
    ) =>
        [
            .. tables
                .Distinct()
                .GroupBy(table => Of(prefix, table.Schema, table.Table, delimiter), StringComparer.Ordinal)
                .Where(group => group.Count() > 1)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group =>
                    (
                        group.Key,
                        (IReadOnlyList<(string, string)>)
                            [
                                .. group
                                    .OrderBy(table => table.Schema, StringComparer.Ordinal)
                                    .ThenBy(table => table.Table, StringComparer.Ordinal),
                            ]
                    )
                ),
        ];
}
