namespace Strangler.CdcBridge.Events;

/// <summary>Debezium's topic names (SchemaTopicNamingStrategy).</summary>
internal static class TopicName
{
    private const int Longest = 249;

    /// <summary><c>prefix.schema.table</c>; what Kafka does not allow in a name becomes an underscore.</summary>
    public static string Of(string prefix, string schema, string table)
    {
        var name = string.Create(prefix.Length + schema.Length + table.Length + 2, (prefix, schema, table), static (span, parts) =>
        {
            var text = $"{parts.prefix}.{parts.schema}.{parts.table}";
            for (var i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '_' or '-' ? text[i] : '_';
        });
        return name.Length <= Longest ? name : name[..Longest];
    }
}
