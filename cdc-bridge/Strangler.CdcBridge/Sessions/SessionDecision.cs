using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Sessions;

/// <summary>What follows from how a session ended.</summary>
internal abstract record SessionDecision
{
    private SessionDecision() { }

    /// <summary>The next session begins at once.</summary>
    public sealed record AtOnce : SessionDecision;

    /// <summary>The next session begins after a pause.</summary>
    public sealed record AfterPause(TimeSpan Pause) : SessionDecision;

    /// <summary>A person has to fix something.</summary>
    public sealed record Stop(Fault Fault) : SessionDecision;

    /// <summary>The session's error is the bridge's.</summary>
    public sealed record Rethrow : SessionDecision;

    /// <summary>Decides from the sessions so far and from how the last one ended.</summary>
    /// <param name="state">What the last session knew.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="maxPause">The longest pause.</param>
    /// <returns>What the next session has to know, and what is done before it.</returns>
    public static (SessionState Next, SessionDecision Decision) Decide(
        SessionState state,
        SessionEnd end,
        TimeSpan maxPause
    )
    {
        if (end is SessionEnd.AnotherHistory { Difference: var difference })
            return (state with { HasConnected = true, Difference = difference }, new AtOnce());
        if (end is SessionEnd.Faulted && !state.HasConnected && !end.IsConnected)
            return (state, new Rethrow());
        var leavesTransactions = end is SessionEnd.SpillFull or SessionEnd.EarlySendFailed;
        var next = state with
        {
            HasConnected = state.HasConnected || end.IsConnected,
            IsRaw = end is SessionEnd.Unconverted && !state.IsRaw,
            TakesSnapshot = end is SessionEnd.MissingPublication || (state.TakesSnapshot && !end.IsStreaming),
            ServerKeepsTransactions = state.ServerKeepsTransactions || leavesTransactions,
            Abandoned = state.Abandoned.After(end),
        };
        // The next session takes the bytes unconverted. Otherwise this value would end every session, while the slot
        // is held.
        if (next.IsRaw || leavesTransactions)
            return (next, new AtOnce());
        if (!end.Passes || !next.HasConnected)
            return (next, end.Fault is { } fault ? new Stop(fault) : new Rethrow());
        var pause = end.IsStreaming ? SessionState.FirstPause : state.Pause;
        next = next with
        {
            Difference = end.IsStreaming ? null : state.Difference,
            Pause = pause * 2 < maxPause ? pause * 2 : maxPause,
        };
        return (next, new AfterPause(pause));
    }
}
