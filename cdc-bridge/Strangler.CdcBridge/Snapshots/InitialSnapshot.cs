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

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// The full snapshot with which an epoch begins. (1) The state <c>creating</c>, with the slot's name, is stored, and
/// only then an older slot of that name is dropped: otherwise nobody could tell why it is missing. The publication
/// exists before the slot. The slot is created with an exported snapshot at its consistent point C. (2) The state
/// <c>snapshotting</c> is stored, and what a previous attempt left is removed, in one transaction. The tables are read
/// in the snapshot, several at the same time, and appended invisibly at the point just before C: a Schema record for
/// each, then its rows and a TableRead record. The last append makes all of it visible at once, with the state
/// <c>streaming</c>. If it is killed at any point, the next start finds <c>creating</c> or <c>snapshotting</c>, drops
/// the slot, and starts over; or, if the log keeps what is unfinished, with what has been read
/// (<see cref="InterruptedSnapshot"/>).
/// </summary>
internal sealed class InitialSnapshot(
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
    private const int Attempts = 5;

    /// <summary>What was read is stored after so many rows for each table that it names.</summary>
    private const long RowsPerTable = 100;

    /// <summary>
    /// What was read is part of a message, and brokers take 1 MB. A snapshot of so many tables starts over.
    /// </summary>
    private const int MaxReachedBytes = 512 << 10;

    /// <param name="identity">The source.</param>
    /// <param name="epoch">The epoch that begins.</param>
    /// <param name="dropSlot">Whether our slot exists, which is dropped.</param>
    /// <param name="known">What the log holds.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<BridgeOffset> RunAsync(
        SourceIdentity identity,
        int epoch,
        bool dropSlot,
        IReadOnlyList<TableOffset> known,
        CancellationToken cancellationToken
    )
    {
        var raw = config.Encoding == SourceText.SqlAscii;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(identity, epoch, dropSlot || attempt > 1, known, raw, cancellationToken);
            }
            catch (SnapshotSupersededException exception) when (attempt < Attempts)
            {
                logger.SnapshotSuperseded(exception.Message);
            }
            catch (PostgresException exception) when (!raw && SourceFaults.IsConversionError(exception))
            {
                raw = true;
                logger.ValuesUnconverted($"{exception.MessageText}.");
            }
        }
    }

    private async Task<BridgeOffset> AttemptAsync(
        SourceIdentity identity,
        int epoch,
        bool dropSlot,
        IReadOnlyList<TableOffset> known,
        bool raw,
        CancellationToken cancellationToken
    )
    {
        // 1
        var offset = new BridgeOffset(
            identity.System,
            identity.Timeline,
            config.Slot,
            epoch,
            BridgeState.Creating,
            Lsn.Zero,
            null,
            known
        );
        await appender.DiscardUnfinishedAsync(offset.ToJson(), cancellationToken);
        if (dropSlot)
            await SlotState.DropAsync(source, config.Slot, cancellationToken);
        await Publication.EnsureAsync(source, config, known, timings.Watch, time, monitor, logger, cancellationToken);
        await using var slot = await ExportedSlot.CreateAsync(
            config.SourceForReplication,
            source,
            config.Slot,
            temporary: false,
            config.Stream.HasFailoverSlot,
            timings.SlotNotice,
            time,
            monitor,
            logger,
            cancellationToken
        );

        if (config.Snapshot.Delay > TimeSpan.Zero)
        {
            monitor.Is(new BridgeStatus.Wait("The snapshot is delayed (snapshot.delay.ms)."));
            await Task.Delay(config.Snapshot.Delay, time, cancellationToken);
        }

        // 2
        offset = offset with
        {
            State = BridgeState.Snapshotting,
            Acknowledged = slot.Point,
        };
        await appender.DiscardUnfinishedAsync(offset.ToJson(), cancellationToken);
        await using var reader = await SnapshotReader.OpenAsync(
            source,
            slot,
            config,
            profile,
            outbox,
            known,
            static _ => true,
            raw,
            time,
            logger,
            cancellationToken
        );
        var xid = profile.HasSnapshotIds ? await SourceClock.TransactionAsync(source, cancellationToken) : (uint?)null;
        logger.SnapshotBegins(reader.Tables.Count, slot.Point, epoch);
        var batch = SnapshotWriter.Batch();
        var sink = new RecordSink(batch, epoch);
        sink.Begin(slot.Point.JustBefore, 0);
        var tables = new List<TableOffset>();
        var complete = reader
            .Tables.Where(state => (SnapshotReader.Obstacle(state) ?? reader.KeyFault(state)) is null)
            .ToList();
        foreach (var state in reader.Tables)
        {
            if ((SnapshotReader.Obstacle(state) ?? reader.KeyFault(state)) is not { } why)
                continue;
            sink.Add(LogRecordKind.TableDoubt, state.Topic, null, [], new TableDoubt(why.ToString()).ToJson());
            tables.Add(new TableOffset(state.Topic, state.Oid, TableOffset.MarkOf(why), "", state.Name));
            if (reader.KeyFault(state) is null) // it is reported once the next look has it read again
                logger.TableStaysInDoubt(state.Topic, state.MendsItself, why);
        }
        var order = complete
            .Select(state => state.Table!)
            .Concat(reader.Unpublished)
            .OrderBy(table => config.Tables.PlaceOf(table.Name))
            .ThenBy(table => table.Schema, StringComparer.Ordinal)
            .ThenBy(table => table.Table, StringComparer.Ordinal)
            .ToList();
        var rows = await RowEstimate.ReadAsync(source, order, cancellationToken);
        order = ByRows(order);
        var estimate = order.Exists(table => config.Snapshot.Overrides.ContainsKey(table.Name.ToString()))
            ? null
            : RowEstimate.Total([
                .. order.Where(ReadsRows).Select(table => rows.GetValueOrDefault(table.Oid)).OfType<RowEstimate>(),
            ]);
        var progress = new SnapshotProgress(order.Count(ReadsRows), TablesRead: 0, Rows: 0, estimate, time.GetUtcNow());
        monitor.Is(new BridgeStatus.Snapshot(progress));
        var (plan, unread) = (new List<SnapshotTable>(), new HashSet<string>(StringComparer.Ordinal));
        var canContinue = config.Snapshot.Mode != SnapshotMode.InitialOnly; // else no stream reads the rest
        var (rowsSince, unreadBefore) = (0L, 0);
        foreach (var table in order)
        {
            var model = table.ToModel(profile);
            var isCaptured = !reader.Unpublished.Contains(table);
            if (isCaptured)
            {
                var schema = model.ToSchema(table.Fingerprint(), inDoubt: false).ToJson();
                sink.Add(LogRecordKind.Schema, model.Topic, null, [], schema);
                tables.Add(new TableOffset(model.Topic, table.Oid, table.Fingerprint(), model.ShapeHash, table.Name));
            }
            if (batch.IsFull)
                await FlushAsync();
            if (!ReadsRows(table))
                continue;
            var ((read, rowModel), isFirst) = (table.ToSnapshot(profile), plan.Count == 0);
            plan.Add(
                new SnapshotTable(
                    read,
                    rowModel,
                    isCaptured ? model.Topic : null,
                    (first, last, isLast) => SnapshotMarker.Of(first && isFirst, isLast, first, last)
                )
            );
        }
        unread.UnionWith(plan.Select(table => table.Topic).OfType<string>());
        canContinue &= unread.Count == plan.Count; // the log knows all of them
        unreadBefore = unread.Count;
        var readers = await reader.ReadersAsync(Math.Min(config.Snapshot.MaxThreads, plan.Count), cancellationToken);
        var writer = new SnapshotWriter(sink);
        var at = new ChangeSource("true", slot.At, slot.Point, null, xid);
        await foreach (var part in readers.ReadAsync(plan, at, cancellationToken))
        {
            writer.Add(part);
            if (part.Rows is not null)
                Advance(0, progress.TablesRead + 1);
            if (batch.IsFull || part.Rows is not null)
                await FlushAsync();
        }
        writer.Complete();
        await FlushAsync();
        offset = offset with { State = BridgeState.Streaming, Tables = tables };
        await appender.AppendAsync(
            new LogAppend([], [], Position.EndOf(epoch, slot.Point.JustBefore), slot.At, offset.ToJson()),
            cancellationToken
        );
        logger.SnapshotEnds(writer.Rows);
        return offset;

        // where one table is read after another, Debezium keeps their order as well
        List<CatalogueTable> ByRows(List<CatalogueTable> named)
        {
            if (config.Snapshot is { Order: RowCountOrder.None } or { MaxThreads: 1 })
                return named;
            var sign = config.Snapshot.Order == RowCountOrder.Ascending ? 1 : -1;
            return [.. named.OrderBy(table => sign * (rows.GetValueOrDefault(table.Oid)?.Rows ?? 0))];
        }

        bool ReadsRows(CatalogueTable table) =>
            config.Snapshot.Mode != SnapshotMode.NoData
            && (
                config.Snapshot.Included.Count == 0
                || config.Snapshot.Included.Any(included => included.IsMatch(table.Name.ToString()))
            );

        void Advance(long read, int tablesRead)
        {
            progress = progress with { Rows = progress.Rows + read, TablesRead = tablesRead };
            monitor.Is(new BridgeStatus.Snapshot(progress));
        }

        // Stored with the records that it speaks of.
        BridgeOffset Reached(Position through) =>
            offset with
            {
                Partial = new PartialSnapshot(
                    through,
                    slot.At,
                    [
                        .. tables.Select(table =>
                            unread.Contains(table.Topic) ? table with { Fingerprint = "", Unread = table.Oid } : table
                        ),
                    ]
                ),
            };

        async ValueTask FlushAsync()
        {
            if (batch.IsEmpty)
                return;
            var chunk = batch.TakeChunk(slot.At);
            var read = chunk.Records.Count(static record => record.Kind is LogRecordKind.Data or LogRecordKind.Outbox);
            unread.ExceptWith(
                chunk.Records.Where(static record => record.Kind == LogRecordKind.TableRead).Select(one => one.Topic)
            );
            rowsSince += read;
            if (canContinue && unread.Count < unreadBefore && rowsSince >= tables.Count * RowsPerTable)
            {
                var reached = Reached(chunk.Records[^1].Position).ToJson();
                if (reached.Length <= MaxReachedBytes)
                    chunk = chunk with { Offset = reached };
                (rowsSince, unreadBefore) = (0, unread.Count);
            }
            await appender.AppendAsync(chunk, cancellationToken);
            monitor.Metrics.RowsRead(read);
            monitor.Metrics.ChunkRead();
            Advance(read, progress.TablesRead);
            Failpoint.Pass("bridge.snapshot-half-written");
        }
    }
}
