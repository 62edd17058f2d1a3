using System.Collections.Immutable;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>How the snapshot is taken.</summary>
internal sealed record SnapshotOptions
{
    /// <value><see cref="SnapshotMode.Initial"/>.</value>
    public SnapshotMode Mode { get; init; }

    /// <summary>
    /// The captured tables that the snapshot reads, by their whole names; empty for all
    /// (<c>snapshot.include.collection.list</c>).
    /// </summary>
    public IReadOnlyList<JavaPattern> Included { get; init; } = [];

    /// <summary>
    /// Statements that read a table, in place of all its rows, by the table's name as it is written
    /// (<c>snapshot.select.statement.overrides</c>).
    /// </summary>
    public ImmutableSortedDictionary<string, string> Overrides { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public RowCountOrder Order { get; init; }

    /// <summary>A pause before the snapshot.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>A pause between snapshot and stream.</summary>
    public TimeSpan StreamingDelay { get; init; }

    /// <summary>How many tables are read at the same time (<c>snapshot.max.threads</c>).</summary>
    /// <value>1.</value>
    public int MaxThreads { get; init; } = 1;
}
