using Strangler.CdcBridge.Configuration;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <summary>Tables that would be written under one topic. Pure.</summary>
/// <param name="Tables">The tables, sorted.</param>
/// <param name="Why">What is wrong, and what to do.</param>
internal sealed record SharedTopic(IReadOnlyList<TableName> Tables, Fault Why)
{
    /// <summary>
    /// The tables that share a topic, which is so in one of two namings: the log's, whose delimiter is always a full
    /// stop, and that of the events, whose delimiter is configured. Neither follows from the other: <c>a.b_c</c> and
    /// <c>a_b.c</c> are equal with the delimiter <c>_</c>, <c>"a.b".c</c> and <c>a."b.c"</c> with the full stop.
    /// </summary>
    public static IReadOnlyList<SharedTopic> Of(BridgeConfig config, IEnumerable<TableName> tables)
    {
        var names = tables.Select(table => (table.Schema, table.Name)).ToList();
        var ofEvents = TopicName.Shared(config.Prefix, names, config.Events.TopicDelimiter);
        var ofLog = TopicName
            .Shared(config.Prefix, names)
            .Where(group => !ofEvents.Any(other => other.Tables.SequenceEqual(group.Tables)));
        return
        [
            .. ofEvents.Select(group => Of(group.Topic, group.Tables, config.Events.TopicDelimiter)),
            .. ofLog.Select(group => Of(group.Topic, group.Tables, ".")),
        ];
    }

    private static SharedTopic Of(string topic, IReadOnlyList<(string Schema, string Table)> tables, string delimiter)
    {
        var names = tables.Select(table => SqlName.Quote(table.Schema, table.Table));
        var (reason, way) =
            delimiter == "."
                ? ("characters that a topic can't contain become '_'", "")
                : ($"topic.delimiter is '{delimiter}'", " Or set another topic.delimiter.");
        return new SharedTopic(
            [.. tables.Select(table => new TableName(table.Schema, table.Table))],
            new Fault(
                "Source:table.include.list",
                $"The tables {string.Join(" and ", names)} have the same topic, '{topic}' ({reason}), "
                    + "so their rows couldn't be told apart.",
                $"Capture one of them (table.include.list, table.exclude.list), or rename the others.{way}"
            )
        );
    }
}
