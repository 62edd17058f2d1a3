namespace Strangler.Projections;

/// <summary>How the build of a projection is, for a person who asks why it isn't served.</summary>
/// <param name="Version">The version that its documents were made by.</param>
public sealed record BuildState(string Version)
{
    /// <summary>
    /// The code in that version, and its cultures; null: the program that began the build didn't note it.
    /// </summary>
    public ProjectionCode? Code { get; init; }

    /// <summary>Why it has stopped; null: it hasn't.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the source may have another history than the change log, so that nothing is answered.</summary>
    public bool IsDistrusted { get; init; }

    /// <summary>
    /// The first of the tables that it reads and that are in doubt, those first that somebody has to fix.
    /// </summary>
    public IReadOnlyList<TableInDoubt> InDoubt { get; init; } = [];

    /// <summary>How many there are.</summary>
    public long InDoubtCount { get; init; }
}

/// <summary>
/// A table whose content isn't known for certain: the keys of all projections that read it miss.
/// </summary>
/// <param name="Table">Its schema and name.</param>
/// <param name="Why">What is to be fixed; null: nothing is, it is about to be read again.</param>
public sealed record TableInDoubt(string Table, string? Why);
