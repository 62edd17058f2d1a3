using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// Watches what the slot holds back as long as the process runs, also while no stream can be read: then the source's
/// disk is at risk. While a stream is read, it is told what the stream's own watch sees, and asks nothing itself.
/// </summary>
internal sealed class SlotWatch(
    BridgeConfig config,
    BridgeTimings timings,
    BridgeMonitor monitor,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source = SourceSessions.Open(config, config.SourceForLooks);
    private readonly Lock _lock = new();
    private WalRiskState _risk = WalRiskState.Calm;
    private long? _looked;

    /// <summary>Takes what a look has found.</summary>
    /// <param name="slot">Null if the slot doesn't exist.</param>
    public void See(SlotState? slot)
    {
        lock (_lock)
        {
            _looked = time.GetTimestamp();
            monitor.Metrics.Slot(slot?.Retained, slot?.Safe, slot?.Unconfirmed, slot?.At);
            var risk = slot is null ? WalRisk.None : WalRiskState.Of(slot, config.Process.MaxRetainedWal);
            var (before, now) = (_risk, _risk.After(risk, time.GetUtcNow(), timings.SlotCalm));
            _risk = now;
            var fault = slot is null
                ? null
                : WalRiskState.FaultOf(now.Told, slot, config.Slot, config.Process.MaxRetainedWal);
            monitor.Risk(now.Told >= WalRisk.Held ? fault : null);
            if (now.Told == before.Told)
                return;
            if (fault is null)
                logger.WalReleased(config.Slot);
            else
                logger.WalHeldBack(now.Told == WalRisk.Extended ? LogLevel.Warning : LogLevel.Error, fault);
        }
    }

    /// <summary>Looks at once, and then whenever nobody else has looked for a while, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(timings.SlotLook, time);
        do
        {
            if (IsDue())
                await LookAsync(cancellationToken);
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>The look before the process ends, which may be the only one.</summary>
    public async Task LookLastAsync()
    {
        using var limit = new CancellationTokenSource(LastLook, time);
        try
        {
            await LookAsync(limit.Token);
        }
        catch (OperationCanceledException) { } // the source doesn't answer
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private bool IsDue()
    {
        lock (_lock)
            return _looked is not { } looked || time.GetElapsedTime(looked) >= timings.SlotLook;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            See(await SlotState.ReadAsync(_source, config.Slot, cancellationToken));
        }
        // the bridge itself says that the source doesn't answer
        catch (Exception exception)
            when (exception is NpgsqlException or IOException or TimeoutException or FaultException) { }
    }
}
