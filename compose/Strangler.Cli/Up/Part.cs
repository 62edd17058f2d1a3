namespace Strangler.Cli.Up;

/// <summary>A part that runs as a child process.</summary>
/// <param name="Name">The prefix of its output lines.</param>
/// <param name="Command">Program and arguments. It shuts down cleanly when its standard input ends.</param>
/// <param name="IsTold">
/// Whether its standard input gets a line with the states of all parts, at its start and after each change.
/// </param>
internal sealed record Part(string Name, IReadOnlyList<string> Command, bool IsTold = false)
{
    /// <summary>Environment variables in addition to ours; null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>The longest delay before it is restarted; null: as <see cref="RestartPolicy"/> decides.</summary>
    public TimeSpan? MaxDelay { get; init; }
}
