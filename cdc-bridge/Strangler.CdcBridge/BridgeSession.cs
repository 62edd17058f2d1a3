using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.Replication;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Encoding;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Outbox;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>
/// The lifetime of one connection: the checks, a snapshot if one is needed, and the stream until it ends.
/// </summary>
internal sealed class BridgeSession(
    BridgeConfig config,
    IChangeLog log,
    NpgsqlDataSource? store,
    BridgeTimings timings,
    BridgeMonitor monitor,
    SlotWatch slots,
    TimeProvider time,
    ILogger logger
)
{
    private readonly EventProfile _profile = EventProfile.Of(
        config.Prefix,
        config.Events,
        Guid.CreateVersion7(time.GetUtcNow()).ToString()
    );
    private readonly OutboxRouter? _outbox = OutboxRouter.Of(config.Events, logger);

    /// <summary>
    /// Whether the source and the log have been reached. From then on, a lost connection may be what ends the session.
    /// </summary>
    public bool IsConnected { get; private set; }

    /// <summary>The session of the server that locked the slot for the one before this. Null: there was none.</summary>
    public SlotSession? Former { get; init; }

    /// <summary>The session of the server that locks the slot. Null: it hasn't been locked.</summary>
    public SlotSession? Session { get; private set; }

    /// <summary>Whether frames have arrived: the pause before the next session starts small again.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Whether nothing is left to do: a snapshot was all that is configured.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Where the log ends, as far as this session knows.</summary>
    public Position? End { get; private set; }

    /// <param name="resnapshot">Whether a person requests a new snapshot.</param>
    /// <param name="difference">What the previous session found of the source's history; null if nothing.</param>
    /// <param name="again">Whether the source has been reached before.</param>
    /// <exception cref="AnotherHistoryException">
    /// The source has another history than the log: the next session begins a new epoch.
    /// </exception>
    public async Task RunAsync(
        bool resnapshot,
        bool again,
        HistoryDifference? difference,
        CancellationToken cancellationToken
    )
    {
        var slotPatience = again ? timings.SlotPatienceAfterLoss : timings.SlotPatience;
        await using var source = SourceSessions.Open(config, config.SourceForQueries);
        var encoding = await SourceEncoding.ReadAsync(source, cancellationToken);
        // The server validates what it sends from a SQL_ASCII database, and ends the stream for bytes that are not
        // UTF-8, so the bridge requests the raw bytes.
        config = config with
        {
            Encoding = encoding,
            IsRaw = config.IsRaw || encoding == SourceText.SqlAscii,
        };
        if (config.IsRaw && SourceEncoding.Warning(encoding) is { } warning)
            logger.ValuesUnconverted(warning.Problem);
        if (await SourceChecks.ServerAsync(source, config, cancellationToken) is [_, ..] faults)
            throw again && faults.Contains(SourceChecks.Standby)
                ? new IOException("the server is a standby so far")
                : new FaultException(faults);
        // Before the log is opened: a second bridge must not fence the first.
        await using var slotLock = await SlotLock.TakeAsync(
            source,
            config.Slot,
            Former,
            slotPatience,
            time,
            monitor,
            logger,
            cancellationToken
        );
        Session = slotLock.Session;
        if (!again)
        {
            await GuardAsync(source, cancellationToken);
            await TableIdentities.SetAsync(source, config, logger, cancellationToken);
        }
        await using var appender = new MeteredAppender(
            await log.OpenAppenderAsync(config.Prefix, cancellationToken),
            monitor.Metrics,
            time
        );
        IsConnected = true;
        End = appender.End;
        var stored = appender.Offset is { } bytes ? BridgeOffset.FromJson(bytes) : null;
        // The first start is refused if a table can't be captured. Later, that table is in doubt and the others
        // continue.
        if (stored is null && await SourceChecks.TablesAsync(source, config, cancellationToken) is [_, ..] tables)
            throw new FaultException(tables);
        var kept =
            stored is { State: BridgeState.Snapshotting, Partial: not null }
            && config.Snapshot.Mode is not (SnapshotMode.InitialOnly or SnapshotMode.NoData)
                ? await appender.KeepUnfinishedAsync(cancellationToken)
                : null;
        var (decision, identity, slot, nearXid) = await DecideAsync();
        // Only if the history is the log's, as far as is known: a new epoch waits for its publication once it has
        // begun, and a stop waits for nothing.
        if (
            decision is StartDecision.Resume or StartDecision.Continue
            && (stored?.Partial?.Tables ?? stored?.Tables) is [_, ..] known
            && await Publication.WaitAsync(
                source,
                config,
                known,
                timings.Watch,
                time,
                monitor,
                logger,
                cancellationToken
            )
        )
        {
            (decision, identity, slot, nearXid) = await DecideAsync();
        }
        if (
            !again
            && decision is StartDecision.Resume
            && config.Stream.HasFailoverSlot
            && slot is { IsFailover: false }
        )
            logger.SlotFailoverUnchanged(config.Slot);
        var offset = await StartAsync(decision, source, appender, identity, stored?.Tables ?? [], cancellationToken);
        offset = offset with { Timeline = identity.Timeline, Host = identity.Host };

        if (config.Snapshot.Mode == SnapshotMode.InitialOnly)
        {
            if (offset.UnreadFault(config.Prefix) is { } unread)
                throw new FaultException(unread);
            IsComplete = true;
            return;
        }
        if (decision is StartDecision.Begin && config.Snapshot.StreamingDelay > TimeSpan.Zero)
        {
            monitor.Is(new BridgeStatus.Wait("The stream is delayed (streaming.delay.ms)."));
            await Task.Delay(config.Snapshot.StreamingDelay, time, cancellationToken);
        }
        var extent = await log.ExtentAsync(config.Prefix, cancellationToken);
        var at = extent?.At ?? DateTimeOffset.UnixEpoch;
        if (extent is not null)
            monitor.Metrics.LogEnd(at);
        var watch = new SourceWatch(config, timings, source, monitor.Metrics, time, logger, slots);
        using var changes = new ChangeStream(
            config,
            _profile,
            _outbox,
            new RelationReader(config, _profile, source),
            watch,
            new EnvelopeWriter(
                _profile,
                config.Database,
                time,
                config.IsRaw ? SourceText.Raw(encoding) : SourceText.Utf8
            )
            {
                Logger = logger,
            },
            offset,
            appender.End ?? Position.Start,
            nearXid,
            at,
            monitor.Metrics,
            logger
        );
        if (decision is StartDecision.Resume && appender.End is { } end)
            changes.Check = new HistoryCheck(Comparable(slot!.Confirmed, end, extent?.Begin), end, offset.Seen);
        // Nobody has watched since the snapshot was interrupted.
        if (
            decision is StartDecision.Continue
            && await watch.CompareAsync(offset.Tables, cancellationToken) is { IsEmpty: false } altered
        )
            changes.Unplaced = altered;
        var wanted = new WantedProgress(time);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = await ReplicationStream.OpenAsync(
            source,
            config.SourceForReplication,
            config.Slot,
            config.Publication,
            config.Process.MaxSpill > 0 && !_profile.HasMessages && !await HasOriginsAsync(source, cancellationToken)
                ? new StreamedTransactions(config.Process.SpillFolder, config.Process.MaxSpill)
                : null,
            cancellationToken
        );
        monitor.Metrics.Spills(() => stream.Spilled);
        if (await StartedAsync(source, cancellationToken) != identity.Started)
            throw new IOException("the server was started again meanwhile");
        await using var pump = new StreamPump(
            stream,
            changes,
            appender,
            new AppendPipeline(stream, appender, watch, monitor, time, logger),
            identity.Started,
            new TableScan(config, _profile, _outbox, timings, source, appender, monitor, time, logger),
            new Heartbeats(_profile),
            config.Stream.XminInterval > TimeSpan.Zero
                ? new SlotXmin(source, config.Slot, config.Stream.XminInterval, time)
                : null,
            watch,
            new DemandedProgress(wanted, stream, watch, time),
            token => RetentionAsync(source, offset.Epoch, token),
            timings,
            time,
            logger
        );
        await watch.MarkAsync(cancellationToken); // an idle source then sends past the log's end at once
        logger.StreamBegins(config.Slot, appender.End);
        IsStreaming = true;
        monitor.Is(new BridgeStatus.Stream());
        var heard = store is null
            ? Task.CompletedTask
            : new ReaderChannel(store, config, wanted, watch, time).RunAsync(watching.Token);
        var watched = Task.WhenAll(watch.RunAsync(watching.Token), heard);
        try
        {
            await pump.RunAsync(cancellationToken);
        }
        finally
        {
            End = appender.End;
            await watching.CancelAsync();
            await watched.ContinueWith(
                static _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        async Task<(StartDecision, SourceIdentity, SlotState?, ulong)> DecideAsync()
        {
            var (identity, nearXid) = await IdentifyAsync(source, stored, cancellationToken);
            var slot = await SlotState.ReadAsync(source, config.Slot, cancellationToken);
            var decided = Decide(resnapshot);
            if (decided is StartDecision.Refuse && config.Snapshot.Mode == SnapshotMode.WhenNeeded)
                decided = Decide(true);
            StartDecision Decide(bool takesSnapshot) =>
                StartDecision.Decide(
                    config.Slot,
                    stored,
                    appender.End,
                    identity,
                    slot,
                    takesSnapshot,
                    difference,
                    kept
                );
            return (decided, identity, slot, nearXid);
        }
    }

    /// <summary>What is to be known of the source when the process begins with it.</summary>
    /// <exception cref="FaultException">More tables would be captured than may be.</exception>
    private async Task GuardAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        if (await SourceChecks.TooManyTablesAsync(source, config, cancellationToken) is { } tooMany)
        {
            if (config.Stream.FailsAboveMaxTables)
                throw new FaultException(tooMany);
            logger.TooManyTables(tooMany.Problem, tooMany.WayOut);
        }
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (SourceChecks.OfVersion(connection.PostgreSqlVersion.Major) is { } untested)
            logger.VersionUntested(untested.Problem, untested.WayOut);
    }

    private async Task<BridgeOffset> StartAsync(
        StartDecision decision,
        NpgsqlDataSource source,
        ILogAppender appender,
        SourceIdentity identity,
        IReadOnlyList<TableOffset> known,
        CancellationToken cancellationToken
    )
    {
        switch (decision)
        {
            case StartDecision.Refuse(var fault):
                throw new FaultException(fault);
            case StartDecision.Resume(var offset):
                return offset;
            case StartDecision.Continue(var offset, var kept):
                return await new InterruptedSnapshot(appender, logger).EndAsync(offset, kept, cancellationToken);
            case StartDecision.Begin(var epoch, var dropSlot, var because):
                if (because is not null)
                    logger.EpochBegins(epoch, because);
                var snapshot = new InitialSnapshot(
                    config,
                    _profile,
                    _outbox,
                    timings,
                    source,
                    appender,
                    monitor,
                    time,
                    logger
                );
                return await snapshot.RunAsync(identity, epoch, dropSlot, known, cancellationToken);
            default:
                throw new InvalidOperationException($"There is no start such as {decision}.");
        }
    }

    /// <summary>
    /// The point from which the server's transactions can be compared: the server sends what commits at or after the
    /// confirmed point, and the log has what retention has left.
    /// </summary>
    private static Lsn Comparable(Lsn confirmed, Position end, Position? begin) =>
        begin is { } left && left.Epoch == end.Epoch && left.Commit >= confirmed
            ? new Lsn(left.Commit.Value + 1)
            : confirmed;

    /// <summary>Keeps, whatever its age, what the server may send again after a crash.</summary>
    private async Task<LogRetention> RetentionAsync(
        NpgsqlDataSource source,
        int epoch,
        CancellationToken cancellationToken
    ) =>
        await SlotState.ReadAsync(source, config.Slot, cancellationToken) is { } slot
            ? config.Retention with
            {
                Kept = new Position(epoch, slot.Restart, 0),
            }
            : config.Retention;

    private async Task<(SourceIdentity Identity, ulong NearXid)> IdentifyAsync(
        NpgsqlDataSource source,
        BridgeOffset? stored,
        CancellationToken cancellationToken
    )
    {
        var started = await StartedAsync(source, cancellationToken); // before everything that the decision uses
        await using var connection = new LogicalReplicationConnection(config.SourceForReplication);
        await connection.Open(cancellationToken);
        var system = await connection.IdentifySystem(cancellationToken);
        Lsn? branch = null;
        if (stored is not null && stored.System == system.SystemId && stored.Timeline < system.Timeline)
            branch = await TimelineFile.ReadAsync(connection, system.Timeline, cancellationToken) is { } history
                ? TimelineHistory.LeftAt(history, stored.Timeline)
                : null;
        await using var command = source.CreateCommand("select pg_snapshot_xmax(pg_current_snapshot())::text");
        var xid = ulong.Parse(
            (string)(await command.ExecuteScalarAsync(cancellationToken))!,
            System.Globalization.CultureInfo.InvariantCulture
        );
        var address = new NpgsqlConnectionStringBuilder(config.Source);
        var identity = new SourceIdentity(system.SystemId, system.Timeline, new Lsn((ulong)system.XLogPos), branch)
        {
            Started = started,
            Host = $"{address.Host}:{address.Port}",
            Database = config.Database,
        };
        return (identity, xid);
    }

    /// <summary>
    /// Whether changes may come from another server: frames of a transaction that has not ended don't say from which.
    /// </summary>
    private static async Task<bool> HasOriginsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select exists (select from pg_replication_origin)");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<string> StartedAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(ServerRun.StartedSql);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
