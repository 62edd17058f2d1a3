namespace Strangler.Cli.Up;

/// <summary>A part that runs as a child process.</summary>
/// <param name="Name">What its output lines begin with.</param>
/// <param name="Command">Program and arguments. It ends in good order when its standard input ends.</param>
/// <param name="IsTold">
/// Whether its standard input gets a line with the states of all parts, at its start and after each change.
/// </param>
internal sealed record Part(string Name, IReadOnlyList<string> Command, bool IsTold = false)
{
    /// <summary>Environment variables that it gets beyond ours; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>
    /// How long it rests at most before it is started again; null: as long as <see cref="RestartPolicy"/> has it.
    /// </summary>
    public TimeSpan? MaxDelay { get; init; }
}
