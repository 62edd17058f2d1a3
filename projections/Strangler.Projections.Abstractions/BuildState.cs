namespace Strangler.Projections;

/// <summary>The state of a projection's build, for a person who asks why it isn't served.</summary>
/// <param name="Version">The version that made its documents.</param>
public sealed record BuildState(string Version)
{
    /// <summary>
    /// The code in that version, and its cultures; null if the program that began the build didn't record them.
    /// </summary>
    public ProjectionCode? Code { get; init; }

    /// <summary>Why it has stopped; null if it hasn't.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the source's history may differ from the change log's, so that nothing is answered.</summary>
    public bool IsDistrusted { get; init; }

    /// <summary>The first few tables in doubt that it reads. Those that somebody has to fix come first.</summary>
    public IReadOnlyList<TableInDoubt> InDoubt { get; init; } = [];

    /// <summary>How many tables in doubt it reads.</summary>
    public long InDoubtCount { get; init; }
}
