namespace Strangler.Cli.Up;

/// <summary>How a run of a part ended.</summary>
/// <param name="Code">
/// Its exit code; 128 plus the signal's number if a signal ended it; <see cref="NotStarted"/>.
/// </param>
/// <param name="Lasted">How long it ran.</param>
/// <param name="ConsecutiveFailures">How many consecutive runs before it ended early.</param>
internal sealed record PartExit(int Code, TimeSpan Lasted, int ConsecutiveFailures)
{
    /// <summary>The code of a run that couldn't start, as in shells.</summary>
    public const int NotStarted = 126;
}
