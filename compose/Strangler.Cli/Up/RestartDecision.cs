namespace Strangler.Cli.Up;

/// <summary>When to restart a part that ended without being asked to.</summary>
/// <param name="Delay">The delay.</param>
/// <param name="ConsecutiveFailures">How many consecutive runs have ended early, including this one.</param>
internal sealed record RestartDecision(TimeSpan Delay, int ConsecutiveFailures);
