namespace Strangler.Cli.Up;

/// <summary>A part that runs as a child process.</summary>
/// <param name="Name">What its output lines begin with.</param>
/// <param name="Command">Program and arguments. It ends in good order when its standard input ends.</param>
internal sealed record Part(string Name, IReadOnlyList<string> Command);
