namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Properties that are read into options which nothing uses yet. They are refused, so that none is silently ignored.
/// What learns one of them removes its line here.
/// </summary>
internal static class PendingProperties
{
    public static IReadOnlyList<PendingProperty> All { get; } =
    [
        new("database.initial.statements", "it runs no statements of yours when it connects"),
        new("slot.failover", "it creates no failover slot", "false"),
        new("replica.identity.autoset.values", "it changes the replica identity of no table"),
        new("publish.via.partition.root", "it publishes partitions under their own names", "false"),
        new("xmin.fetch.interval.ms", "it doesn't write the slot's xmin into events", "0"),
        new("snapshot.tables.order.by.row.count", "it doesn't count rows before it reads them", "disabled"),
    ];
}
