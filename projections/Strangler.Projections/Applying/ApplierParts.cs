using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>What an applier works with.</summary>
/// <param name="Store">The store.</param>
/// <param name="Log">The change log.</param>
/// <param name="Options">How it works.</param>
/// <param name="Time">Whose time f is given, and when documents are due.</param>
/// <param name="Metrics">What is counted.</param>
/// <param name="Logger">What is said.</param>
internal sealed record ApplierParts(
    NpgsqlDataSource Store,
    IChangeLog Log,
    ApplierOptions Options,
    TimeProvider Time,
    ProjectionMetrics Metrics,
    ILogger Logger
)
{
    /// <summary>What stands against reading a table's rows as declared.</summary>
    public Func<TableModel, TableSchema, IReadOnlyList<Fault>> Fits { get; init; } = RowFit.Faults;

    /// <summary>Called at each failpoint, for tests that throw there.</summary>
    public Action<string>? Passing { get; init; }

    /// <summary>All, except where a test shows that it would notice.</summary>
    public MappingParts Mapping { get; init; } = MappingParts.All;
}
