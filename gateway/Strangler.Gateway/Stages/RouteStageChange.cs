using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A change of a route's stage, kept permanently.</summary>
/// <param name="From">Null if the route was new.</param>
/// <param name="Forced">Whether somebody bypassed the gate.</param>
/// <param name="Evidence">The evidence at that time, as JSON. Null if the stage requires none.</param>
internal sealed record RouteStageChange(
    string Route,
    int Version,
    Stage? From,
    Stage To,
    DateTimeOffset ChangedAt,
    string Who,
    string Why,
    bool Forced = false,
    string? Evidence = null
)
{
    /// <summary>The rule of the guard that tripped. Null: none did.</summary>
    public string? Guard { get; init; }

    /// <summary>Whether the route isn't promoted since.</summary>
    public bool IsFrozen { get; init; }
}
