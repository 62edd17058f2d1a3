using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Failpoints;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Reads tables in doubt again, at a point in the stream: a temporary slot provides the consistent point C2 with its
/// snapshot; the stream continues to C2 and is held there; the rows are appended at the point just before C2, with a
/// TableRead record for each table, which ends the doubt. If it is killed in between, the log's end stays before C2 and
/// the offset says that the tables have not been read. A table that an interrupted snapshot has not read is read as the
/// snapshot would have read it.
/// </summary>
internal sealed class TableScan(
    BridgeConfig config,
    EventProfile profile,
    OutboxRouter? outbox,
    BridgeTimings timings,
    NpgsqlDataSource source,
    ILogAppender appender,
    BridgeMonitor monitor,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>
    /// Creates the temporary slot, which is dropped with its connection. The log stands still until then: nobody knows
    /// before how far the stream may continue.
    /// </summary>
    public async Task<ExportedSlot> BeginAsync(CancellationToken cancellationToken)
    {
        var slot = config.Slot[..Math.Min(config.Slot.Length, 46)];
        var unique = Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[..15];
        try
        {
            return await ExportedSlot.CreateAsync(
                config.SourceForReplication,
                source,
                $"{slot}_r{unique}",
                temporary: true,
                failover: false,
                timings.SlotNotice,
                time,
                monitor,
                logger,
                cancellationToken
            );
        }
        finally
        {
            monitor.Is(new BridgeStatus.Stream());
        }
    }

    /// <summary>
    /// The obstacle, if <paramref name="exception"/> concerns only the reading; null for any other failure.
    /// </summary>
    public TableScanObstacle? Obstacle(Exception exception) => TableScanObstacle.Of(exception, config);

    /// <summary>
    /// Reads at the slot's point; everything before it is in the log, nothing after it is. A value that the server
    /// can't convert is read as raw bytes. If it fails on the source's side, what was appended has been removed.
    /// </summary>
    /// <returns>
    /// The stored offset, with the tables as they were read; and the tables that were not read, because it is unknown
    /// how their keys would be read elsewhere.
    /// </returns>
    /// <exception cref="SnapshotSupersededException">A table has been altered since.</exception>
    public async Task<(BridgeOffset Offset, IReadOnlyDictionary<string, TableScanObstacle> Unread)> ReadAsync(
        ExportedSlot slot,
        IReadOnlySet<string> topics,
        BridgeOffset offset,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        for (var raw = config.Encoding == SourceText.SqlAscii; ; raw = true)
        {
            try
            {
                return await AppendAsync(slot, topics, offset, at, raw, cancellationToken);
            }
            catch (Exception exception)
                when (exception is SnapshotSupersededException || Obstacle(exception) is not null)
            {
                await appender.DiscardUnfinishedAsync(offset.ToJson(), cancellationToken);
                if (raw || !SourceFaults.IsConversionError(exception))
                    throw;
                logger.ValuesUnconverted($"{((PostgresException)exception).MessageText}.");
            }
        }
    }

    private static Fault NotCaptured(string topic) =>
        new(topic, "It is no longer captured.", "Name it in table.include.list.");

    private async Task<(BridgeOffset, IReadOnlyDictionary<string, TableScanObstacle>)> AppendAsync(
        ExportedSlot slot,
        IReadOnlySet<string> topics,
        BridgeOffset offset,
        DateTimeOffset at,
        bool raw,
        CancellationToken cancellationToken
    )
    {
        // A table that is owed may have got another name since.
        var owed = offset
            .Tables.Where(table => topics.Contains(table.Topic))
            .Select(table => table.Unread)
            .OfType<uint>()
            .ToHashSet();
        await using var reader = await SnapshotReader.OpenAsync(
            source,
            slot,
            config,
            profile,
            outbox,
            offset.Tables,
            IsWanted,
            raw,
            time,
            logger,
            cancellationToken
        );
        var readers = await reader.ReadersAsync(1, cancellationToken);
        var place = new ChangeSource("incremental", at, slot.Point, null, null);
        var xid = profile.HasSnapshotIds ? await SourceClock.TransactionAsync(source, cancellationToken) : (uint?)null;
        var batch = SnapshotWriter.Batch();
        var sink = new RecordSink(batch, offset.Epoch);
        sink.Begin(slot.Point.JustBefore, 0);
        var tables = offset.Tables.ToDictionary(table => table.Topic);
        var unread = new Dictionary<string, TableScanObstacle>();
        var writer = new SnapshotWriter(sink);
        foreach (
            var topic in reader
                .Tables.Where(IsWanted)
                .Select(state => state.Topic)
                .Union(topics)
                .Order(StringComparer.Ordinal)
        )
        {
            var state =
                reader.Tables.FirstOrDefault(state => state.Topic == topic)
                ?? new TableState(topic, NameOf(topic), 0, null, NotCaptured(topic), null);
            var why = SnapshotReader.Obstacle(state);
            if (why is not null)
            {
                // Nobody knows what it holds: an empty reading would tell readers that it has no rows.
                sink.Add(LogRecordKind.TableDoubt, topic, null, [], new TableDoubt(why.ToString()).ToJson());
                tables[topic] = new TableOffset(
                    topic,
                    state.Oid,
                    TableOffset.MarkOf(why),
                    tables.GetValueOrDefault(topic)?.Shape ?? "",
                    state.Name
                )
                {
                    Unread = tables.GetValueOrDefault(topic)?.Unread,
                };
                logger.TableStaysInDoubt(state.Topic, state.MendsItself, why);
                continue;
            }
            if (reader.KeyFault(state) is { } fault)
            {
                unread[topic] = new TableScanObstacle("keys", fault);
                continue;
            }
            var table = state.Table!;
            var model = table.ToModel(profile);
            var fingerprint = table.Fingerprint();
            if (tables.GetValueOrDefault(topic)?.Shape != model.ShapeHash)
                sink.Add(LogRecordKind.Schema, topic, null, [], model.ToSchema(fingerprint, inDoubt: true).ToJson());
            var isFirst = tables.GetValueOrDefault(topic)?.Unread is not null || owed.Contains(table.Oid);
            var before = writer.Rows;
            var (shown, rowModel) = isFirst ? table.ToSnapshot(profile) : (table, model);
            var read = new SnapshotTable(
                shown,
                rowModel,
                topic,
                (first, last, isLast) => isFirst ? SnapshotMarker.Of(false, isLast, first, last) : "incremental"
            );
            var from = isFirst ? place with { Snapshot = "true", Xid = xid } : place;
            await foreach (var part in readers.ReadAsync([read], from, cancellationToken))
            {
                writer.Add(part);
                if (batch.IsFull)
                {
                    await appender.AppendAsync(batch.TakeChunk(at), cancellationToken);
                    monitor.Metrics.ChunkRead();
                    Failpoint.Pass("bridge.tables-half-read");
                }
            }
            tables[topic] = new TableOffset(topic, table.Oid, fingerprint, model.ShapeHash, table.Name);
            foreach (var other in tables.Values.Where(other => other.Unread == table.Oid).ToList())
                tables[other.Topic] = other with { Unread = null };
            monitor.Metrics.RowsRead(writer.Rows - before);
            logger.TableRead(topic, slot.Point, writer.Rows - before);
        }
        writer.Complete();
        var stored = offset with { Tables = [.. tables.Values] };
        batch.Complete(null, Position.EndOf(offset.Epoch, slot.Point.JustBefore), at);
        await appender.AppendAsync(batch.TakeComplete(stored.ToJson()), cancellationToken);
        return (stored, unread);

        bool IsWanted(TableState state) => topics.Contains(state.Topic) || owed.Contains(state.Oid);

        TableName NameOf(string topic) =>
            (tables.GetValueOrDefault(topic) ?? new TableOffset(topic, 0, "", "")).NameUnder(config.Prefix);
    }
}
