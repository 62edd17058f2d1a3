using Strangler.Foundation.Faults;

namespace Strangler.Cli.Up;

/// <summary>Decides when a part is restarted.</summary>
internal static class RestartPolicy
{
    /// <summary>A longer run counts as good: the delay starts over.</summary>
    public static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastDelayOfFault = TimeSpan.FromMinutes(2);

    /// <summary>This many consecutive early ends take about ten minutes.</summary>
    private const int QuickFaults = 26;

    /// <summary>
    /// A part never ends the others, whatever it reported: the front door needs none of them. A fault may need a person
    /// to fix it, so it is retried less and less often.
    /// </summary>
    /// <param name="end">How the run ended.</param>
    /// <param name="maxDelay">
    /// The longest delay that this part's users can accept; null: it has no limit of its own.
    /// </param>
    public static RestartDecision Decide(PartExit end, TimeSpan? maxDelay = null)
    {
        if (end.Code == ExitCode.StartAgain)
            return new RestartDecision(TimeSpan.Zero, 0);
        var failures = end.Lasted >= GoodRun ? 1 : end.ConsecutiveFailures + 1;
        var delay = end.Code == ExitCode.Fault && failures > QuickFaults ? LastDelayOfFault : Delay(failures);
        return new RestartDecision(maxDelay < delay ? maxDelay.Value : delay, failures);
    }

    // 0.5 s, doubled with each consecutive early end, up to half a minute.
    private static TimeSpan Delay(int failures) => failures > 6 ? LastDelay : FirstDelay * (1 << (failures - 1));
}
