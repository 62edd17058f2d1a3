using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>What documents must have before they may answer a request.</summary>
/// <param name="Before">Everything that the source committed before this LSN.</param>
/// <param name="Through">Everything through this position, in its epoch.</param>
/// <param name="Server">
/// The run of the source's server in which the LSN was read: the log must have been found to have that run's history.
/// Null if that was found when the LSN was read.
/// </param>
internal sealed record FreshnessRequirement(Lsn Before, Position Through, string? Server)
{
    /// <summary>The LSN that has to be passed.</summary>
    public Lsn Reach => Through.Reach > Before ? Through.Reach : Before;

    public bool IsMetBy(Position applied) =>
        applied.Epoch == Through.Epoch && applied >= Through && applied.Reach >= Before;

    /// <summary>Whether documents at a watermark have all of it.</summary>
    public bool IsMetBy(Watermark? watermark) =>
        watermark is not null
        && (Server is null || watermark.Verification?.Server == Server)
        && IsMetBy(watermark.Position);
}
