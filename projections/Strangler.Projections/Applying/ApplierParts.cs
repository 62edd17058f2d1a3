using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Projections.Configuration;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>What an applier works with.</summary>
/// <param name="Store">The store.</param>
/// <param name="Log">The change log.</param>
/// <param name="Options">The applier's options.</param>
/// <param name="Time">The clock from which f gets its time, and which decides when documents are due.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="Logger">The logger.</param>
internal sealed record ApplierParts(
    NpgsqlDataSource Store,
    IChangeLog Log,
    ApplierOptions Options,
    TimeProvider Time,
    ProjectionMetrics Metrics,
    ILogger Logger
)
{
    /// <summary>How far readers want everything to be applied: progress without changes doesn't wait then.</summary>
    public WantedProgress Wanted { get; init; } = new(Time);
}
