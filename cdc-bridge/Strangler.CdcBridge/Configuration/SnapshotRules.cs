using static Strangler.CdcBridge.Configuration.PropertyRule;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Properties of the snapshot.</summary>
internal static class SnapshotRules
{
    private const string Threads = "How the connector divides tables among its threads.";
    private const string Custom = "Read with a custom implementation only, which is refused.";
    private const string ByConfiguration = "Read with snapshot.mode=configuration_based only, which is refused.";
    private const string Incremental = "Read by incremental snapshots only, which need signals.";

    public static IReadOnlyList<PropertyRule> All { get; } =
    [
        HonouredOr("snapshot.mode", "initial", "initial"),
        Idle("snapshot.mode.custom.name", "", Custom),
        Idle("snapshot.mode.configuration.based.snapshot.data", "false", ByConfiguration),
        Idle("snapshot.mode.configuration.based.snapshot.schema", "false", ByConfiguration),
        Idle("snapshot.mode.configuration.based.start.stream", "false", ByConfiguration),
        Idle("snapshot.mode.configuration.based.snapshot.on.schema.error", "false", ByConfiguration),
        Idle("snapshot.mode.configuration.based.snapshot.on.data.error", "false", ByConfiguration),
        Refused(
            "snapshot.isolation.mode",
            "serializable",
            "Tables are read in the slot's exported snapshot, so that snapshot and stream join without a gap.",
            "serializable",
            "repeatable_read"
        ),
        Refused("snapshot.locking.mode", "none", "It is a Java class that locks tables.", "none", "shared"),
        Idle("snapshot.locking.mode.custom.name", "", Custom),
        Idle("snapshot.lock.timeout.ms", "10000", "The bridge locks no table."),
        Refused(
            "snapshot.query.mode",
            "select_all",
            "It is a Java class that writes the statements of the snapshot.",
            "select_all"
        ),
        Idle("snapshot.query.mode.custom.name", "", Custom),
        HonouredOrRefused("snapshot.select.statement.overrides"),
        HonouredOrRefused("snapshot.select.statement.overrides.*") with
        {
            Family = PropertyTable.Prefix("snapshot.select.statement.overrides."),
        },
        HonouredOrRefused("snapshot.include.collection.list"),
        Honoured(
            "snapshot.tables.order.by.row.count",
            "disabled",
            "With several readers, by the server's statistics; with one, the order stays, as in Debezium."
        ),
        Honoured("snapshot.max.threads", "1", "How many tables are read at the same time, in one snapshot."),
        Idle("snapshot.max.threads.multiplier", "1", Threads),
        Idle("legacy.snapshot.max.threads", "false", Threads),
        Idle("internal.legacy.snapshot.max.threads", "false", Threads),
        Honoured("snapshot.delay.ms", "0"),
        Honoured("streaming.delay.ms", "0"),
        Idle("snapshot.fetch.size", "10240", "Rows are read by COPY, as they come."),
        Idle("query.fetch.size", "0", "Rows are read as they come."),
        Idle("internal.snapshot.scan.all.columns.force", "false", "The catalogue is read in one statement."),
        Idle("incremental.snapshot.chunk.size", "1024", Incremental),
        Idle("incremental.snapshot.allow.schema.changes", "false", Incremental),
        Idle("incremental.snapshot.watermarking.strategy", "INSERT_INSERT", Incremental),
    ];
}
