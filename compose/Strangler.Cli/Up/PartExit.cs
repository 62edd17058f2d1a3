namespace Strangler.Cli.Up;

/// <summary>How a run of a part ended.</summary>
/// <param name="Code">
/// Its exit code; 128 and the signal's number where a signal ended it; <see cref="NotStarted"/>.
/// </param>
/// <param name="Lasted">How long it ran.</param>
/// <param name="ConsecutiveFailures">How many runs before it ended early, one after the other.</param>
internal sealed record PartExit(int Code, TimeSpan Lasted, int ConsecutiveFailures)
{
    /// <summary>The code of a run that could not even begin, as shells have it.</summary>
    public const int NotStarted = 126;
}
