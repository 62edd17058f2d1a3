using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.Replication;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Replication;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Snapshots;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge;

/// <summary>One connection's life: from the checks, over a snapshot where one is needed, to the end of the stream.</summary>
internal sealed class BridgeSession(BridgeConfig config, IChangeLog log, BridgeTimings timings, BridgeMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan SlotPoll = TimeSpan.FromMilliseconds(200);

    /// <summary>Whether the source and the log have been reached: from then on what ends the session may be a lost connection.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether frames have come: the pause before the next session begins small again.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Where the log ends, as far as this session knows.</summary>
    public Position? End { get; private set; }

    /// <param name="resnapshot">Whether a person asks for a new snapshot.</param>
    /// <param name="slotPatience">How long another may still hold the slot.</param>
    public async Task RunAsync(bool resnapshot, TimeSpan slotPatience, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(config.SourceForQueries);
        if (await SourceChecks.ReadAsync(source, config, cancellationToken) is [_, ..] faults) throw new FaultException(faults);
        // Before the log is opened: a second bridge must not fence the first.
        await WaitForSlotAsync(source, slotPatience, cancellationToken);
        await using var appender = await log.OpenAppenderAsync(config.Prefix, cancellationToken);
        IsConnected = true;
        End = appender.End;
        var stored = appender.Offset is { } bytes ? BridgeOffset.FromJson(bytes) : null;
        var (identity, nearXid) = await IdentifyAsync(source, stored, cancellationToken);
        var slot = await SlotState.ReadAsync(source, config.Slot, cancellationToken);
        var envelopes = new EnvelopeWriter(config.Prefix, config.Database, time);
        var offset = await StartAsync(StartDecision.Decide(config.Slot, stored, appender.End, identity, slot, resnapshot), source, appender, identity, envelopes, cancellationToken);
        offset = offset with { Timeline = identity.Timeline };

        var at = (await log.ExtentAsync(config.Prefix, cancellationToken))?.At ?? DateTimeOffset.UnixEpoch;
        var watch = new SourceWatch(config, timings, source, metrics, time, logger);
        var changes = new ChangeStream(config, source, watch, envelopes, offset, appender.End ?? Position.Start, nearXid, at, metrics, logger);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = await ReplicationStream.OpenAsync(source, config.SourceForReplication, config.Slot, config.Publication, cancellationToken);
        await using var pump = new StreamPump(stream, changes, appender, new TableReading(config, timings, source, appender, envelopes, metrics, time, logger), watch, config.Retention, timings, metrics, time, logger);
        logger.StreamBegins(config.Slot, appender.End);
        IsStreaming = true;
        var watched = watch.RunAsync(watching.Token);
        try
        {
            await pump.RunAsync(cancellationToken);
        }
        finally
        {
            End = appender.End;
            await watching.CancelAsync();
            await watched.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task<BridgeOffset> StartAsync(StartDecision decision, NpgsqlDataSource source, ILogAppender appender, SourceIdentity identity, EnvelopeWriter envelopes, CancellationToken cancellationToken)
    {
        switch (decision)
        {
            case StartDecision.Refuse(var fault):
                throw new FaultException(fault);
            case StartDecision.Resume(var offset):
                await Publication.EnsureAsync(source, config, logger, cancellationToken);
                return offset;
            case StartDecision.Begin(var epoch, var dropSlot, var because):
                if (because is not null) logger.EpochBegins(epoch, because);
                if (dropSlot) await SlotState.DropAsync(source, config.Slot, cancellationToken);
                return await new InitialSnapshot(config, timings, source, appender, envelopes, metrics, time, logger).RunAsync(identity, epoch, cancellationToken);
            default:
                throw new InvalidOperationException($"There is no start such as {decision}.");
        }
    }

    private async Task WaitForSlotAsync(NpgsqlDataSource source, TimeSpan patience, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var said = false; await SlotState.ReadAsync(source, config.Slot, cancellationToken) is { Process: { } process } slot; said = true)
        {
            if (time.GetElapsedTime(began) >= patience)
                throw new FaultException(new Fault($"slot '{config.Slot}'", $"It is in use by process {process} of the server ('{slot.Holder}').", "End the other bridge, or give this one a slot of its own (Source:slot.name)."));
            if (!said) logger.SlotBusy(config.Slot, process);
            await Task.Delay(SlotPoll, time, cancellationToken);
        }
    }

    private async Task<(SourceIdentity Identity, ulong NearXid)> IdentifyAsync(NpgsqlDataSource source, BridgeOffset? stored, CancellationToken cancellationToken)
    {
        await using var connection = new LogicalReplicationConnection(config.SourceForReplication);
        await connection.Open(cancellationToken);
        var system = await connection.IdentifySystem(cancellationToken);
        Lsn? branch = null;
        if (stored is not null && stored.System == system.SystemId && stored.Timeline < system.Timeline)
            branch = TimelineHistory.LeftAt(System.Text.Encoding.UTF8.GetString((await connection.TimelineHistory(system.Timeline, cancellationToken)).Content), stored.Timeline);
        await using var command = source.CreateCommand("select pg_snapshot_xmax(pg_current_snapshot())::text");
        var xid = ulong.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!, System.Globalization.CultureInfo.InvariantCulture);
        return (new SourceIdentity(system.SystemId, system.Timeline, new Lsn((ulong)system.XLogPos), branch), xid);
    }
}
