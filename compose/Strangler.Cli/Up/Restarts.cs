using Strangler.Foundation.Faults;

namespace Strangler.Cli.Up;

/// <summary>When a part is started again.</summary>
internal static class Restarts
{
    /// <summary>A fault in a first run that ended sooner is a fault of the start: a person is there to read it.</summary>
    public static readonly TimeSpan StartPhase = TimeSpan.FromSeconds(60);

    /// <summary>A run that lasted longer was a good one: the delay begins anew.</summary>
    public static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(30);

    public static AfterEnd Decide(PartEnd end)
    {
        if (end.Code == ExitCode.Fault && end.First && end.Lasted < StartPhase) return new AfterEnd.GiveUp();
        if (end.Code == ExitCode.StartAgain) return new AfterEnd.StartAgain(TimeSpan.Zero, 0);
        var row = end.Lasted >= GoodRun ? 1 : end.Row + 1;
        return new AfterEnd.StartAgain(Delay(row), row);
    }

    // 0.5 s, doubled with every early end in a row, up to half a minute.
    private static TimeSpan Delay(int row) => row > 6 ? LastDelay : FirstDelay * (1 << (row - 1));
}
