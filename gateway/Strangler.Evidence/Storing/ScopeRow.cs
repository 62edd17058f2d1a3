namespace Strangler.Evidence.Storing;

/// <summary>A scope's own figures.</summary>
internal sealed record ScopeRow(
    long Id,
    string Route,
    string Projection,
    string Version,
    string Rules,
    DateTimeOffset Since,
    DateTimeOffset Last,
    long Keys,
    long KeysCompared,
    long KeysMatched,
    long KeysOver,
    long Versions,
    long VersionsMatched,
    long VersionsWrong,
    long VersionsOver
)
{
    /// <summary>Keys that had a document in a match.</summary>
    public long KeysExisting { get; init; }

    /// <summary>Versions that had a document when they matched, and were never wrong.</summary>
    public long VersionsExisting { get; init; }

    /// <summary>How often sampled requests named a key.</summary>
    public long Named { get; init; }

    /// <summary>How often they named a key that has matched.</summary>
    public long Covered { get; init; }

    /// <summary>Keys that they named once.</summary>
    public long KeysOnce { get; init; }
}
