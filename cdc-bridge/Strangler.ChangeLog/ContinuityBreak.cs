using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

/// <summary>A place of the log where a transaction doesn't follow on the one that it names.</summary>
/// <param name="At">The transaction.</param>
/// <param name="Named">What it names as the commit before it; null if it names none.</param>
/// <param name="Held">The commit before it that the log has; null if it has none.</param>
public sealed record ContinuityBreak(Position At, Lsn? Named, Lsn? Held)
{
    /// <summary>The same for a person.</summary>
    /// <param name="source">The source.</param>
    public Fault FaultOf(string source) =>
        new(
            $"Log:{source}",
            $"The transaction at {At} follows {Text(Named)}, but the log has {Text(Held)} before it: what committed "
                + "in between is missing, or the log was written by two.",
            "Take a new snapshot of the source: 'strangler bridge --resnapshot'."
        );

    private static string Text(Lsn? commit) => commit is { } place ? $"the one at {place}" : "none";
}
