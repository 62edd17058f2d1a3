using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge;

/// <summary>
/// A run of the bridge while its slot is watched: also while it waits, or can't reach its log. If it ends with faults,
/// what the slot holds back by then is one of them.
/// </summary>
internal static class WatchedRun
{
    /// <param name="run">The bridge.</param>
    public static async Task RunAsync(
        BridgeConfig config,
        BridgeTimings timings,
        BridgeMonitor monitor,
        ILoggerFactory logs,
        TimeProvider time,
        Func<SlotWatch, CancellationToken, Task> run,
        CancellationToken cancellationToken
    )
    {
        await using var slots = new SlotWatch(config, timings, monitor, time, logs.CreateLogger("Strangler.CdcBridge"));
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watched = slots.RunAsync(watching.Token);
        IReadOnlyList<Fault> faults = [];
        try
        {
            await run(slots, cancellationToken);
        }
        catch (FaultException exception)
        {
            await slots.LookLastAsync();
            faults =
                monitor.WalRisk is { } risk && exception.Faults.All(fault => fault.Path != risk.Path)
                    ? [.. exception.Faults, risk]
                    : exception.Faults;
            if (faults.Count == exception.Faults.Count)
                throw;
            throw new FaultException(faults, exception);
        }
        finally
        {
            monitor.Is(new BridgeStatus.End(faults));
            await watching.CancelAsync();
            await watched.ContinueWith(
                static _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }
}
