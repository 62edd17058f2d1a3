namespace Strangler.CdcBridge.Configuration;

/// <summary>How the source is prepared, and what its stream is asked for.</summary>
internal sealed record StreamOptions
{
    /// <summary>Statements that each new connection runs (<c>database.initial.statements</c>).</summary>
    public IReadOnlyList<string> InitialStatements { get; init; } = [];

    /// <summary>Whether standby servers keep a copy of the slot (<c>slot.failover</c>).</summary>
    public bool HasFailoverSlot { get; init; }

    /// <summary>
    /// Whether changes of partitions are those of the table above (<c>publish.via.partition.root</c>).
    /// </summary>
    public bool PublishesViaRoot { get; init; }

    /// <summary>How often the slot's xmin is read; zero for never (<c>xmin.fetch.interval.ms</c>).</summary>
    public TimeSpan XminInterval { get; init; }

    /// <summary>Replica identities that tables are given; at most one may match a table.</summary>
    public IReadOnlyList<IdentityAssignment> Identities { get; init; } = [];

    /// <summary>How many tables may be captured; zero for any number (<c>guardrail.collections.max</c>).</summary>
    public int MaxTables { get; init; }

    /// <summary>Whether more tables than that are a fault, or only a warning.</summary>
    public bool FailsAboveMaxTables { get; init; }
}
