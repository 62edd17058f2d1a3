namespace Strangler.Cli.Up;

/// <summary>When a part that ended, though nobody asked it to, is started again.</summary>
/// <param name="Delay">After how long.</param>
/// <param name="ConsecutiveFailures">
/// How many of its runs have ended early, one after the other, this one included.
/// </param>
internal sealed record RestartDecision(TimeSpan Delay, int ConsecutiveFailures);
