namespace Strangler.Cli.Up;

/// <summary>How <see cref="Supervisor"/> ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Faults">The faults that a part said at its start, a line each.</param>
internal sealed record SupervisorEnd(int Code, IReadOnlyList<string> Faults);
