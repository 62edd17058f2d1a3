using System.Collections.Frozen;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>What events look like, and which are written.</summary>
internal sealed record EventOptions
{
    /// <value><see cref="EventFormat.Strangler"/>.</value>
    public EventFormat Format { get; init; }

    /// <summary>
    /// Whether a table of which not everything is sent is a fault: readers of Strangler's events rely on whole tables.
    /// </summary>
    public bool RequiresWholeTables => Format == EventFormat.Strangler;

    /// <summary>How values are written in Debezium's formats.</summary>
    public ValueOptions Values { get; init; } = new();

    /// <summary>Which columns are written.</summary>
    public ColumnOptions Columns { get; init; } = new();

    /// <summary>How keys become bytes.</summary>
    public ConverterOptions KeyConverter { get; init; } = new();

    /// <summary>How values become bytes.</summary>
    public ConverterOptions ValueConverter { get; init; } = new();

    /// <summary>Whether a tombstone follows each delete.</summary>
    /// <value>True.</value>
    public bool HasTombstones { get; init; } = true;

    /// <summary>Letters of the operations that are not written: c, u, d, t.</summary>
    /// <value>None. Debezium's default is t.</value>
    public FrozenSet<char> SkippedOperations { get; init; } = [];

    /// <summary>
    /// Whether an update that changes no written column is skipped (<c>skip.messages.without.change</c>); only tables
    /// whose old row is sent whole can tell.
    /// </summary>
    public bool SkipsUnchanged { get; init; }

    /// <summary>Whether transactions are announced, and counted in each event.</summary>
    public bool HasTransactionMetadata { get; init; }

    /// <summary>Whether each event names its connector in headers (<c>extended.headers.enabled</c>).</summary>
    /// <value>True.</value>
    public bool HasContextHeaders { get; init; } = true;

    /// <summary>Between the parts of a topic's name.</summary>
    /// <value>A point.</value>
    public string TopicDelimiter { get; init; } = ".";

    /// <summary>
    /// The last part of the topic of transaction metadata, behind the prefix and a delimiter
    /// (<c>topic.transaction</c>).
    /// </summary>
    /// <value><c>transaction</c>.</value>
    public string TransactionTopic { get; init; } = "transaction";

    public NameAdjustment SchemaNames { get; init; }

    public NameAdjustment FieldNames { get; init; }

    /// <summary>Logical messages whose prefix matches are written; empty for all.</summary>
    public IReadOnlyList<JavaPattern> IncludedMessages { get; init; } = [];

    /// <summary>Logical messages whose prefix matches are not written.</summary>
    public IReadOnlyList<JavaPattern> ExcludedMessages { get; init; } = [];

    /// <summary>Heartbeat records.</summary>
    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>The outbox event router; null if none.</summary>
    public OutboxOptions? Outbox { get; init; }
}
