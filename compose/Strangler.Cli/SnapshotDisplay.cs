using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Telemetry;

namespace Strangler.Cli;

/// <summary>
/// Shows how far a snapshot is: in a terminal as a bar below the log, elsewhere as a line of the log now and then.
/// </summary>
/// <param name="status">What the bridge does.</param>
/// <param name="terminal">Shows the bar; null: standard error isn't a terminal.</param>
/// <param name="width">How many columns the terminal has.</param>
internal sealed class SnapshotDisplay(
    Func<BridgeStatus> status,
    Action<string>? terminal,
    Func<int> width,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>How often a line is logged.</summary>
    public static readonly TimeSpan LogPace = TimeSpan.FromSeconds(30);

    private const int DefaultWidth = 80;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Of this process's standard error.</summary>
    public static SnapshotDisplay Of(BridgeMonitor monitor, ILoggerFactory logs)
    {
        var isTerminal =
            !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new(
            () => monitor.Status,
            isTerminal && StandardError.Current is { } error ? error.ShowBelow : null,
            Width,
            TimeProvider.System,
            logs.CreateLogger("Strangler.CdcBridge")
        );
    }

    /// <summary>Shows it until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(terminal is null ? LogPace : Pace, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Show();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { } // the normal end
        terminal?.Invoke("");
    }

    internal void Show()
    {
        if (status() is not BridgeStatus.Snapshot(var progress))
            terminal?.Invoke("");
        else if (terminal is not null)
            terminal(SnapshotLine.Bar(progress, time.GetUtcNow(), width()));
        else if (logger.IsEnabled(LogLevel.Information))
            logger.SnapshotAdvances(SnapshotLine.Text(progress, time.GetUtcNow()));
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
