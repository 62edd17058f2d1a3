using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A route's stage as the store holds it.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Stage">Who answers it.</param>
/// <param name="Version">Rises by one with each change.</param>
/// <param name="ChangedAt">The store's clock at the change.</param>
/// <param name="Who">Who changed it.</param>
/// <param name="Why">And why.</param>
internal sealed record RouteStage(
    string Route,
    Stage Stage,
    int Version,
    DateTimeOffset ChangedAt,
    string Who,
    string Why
);

/// <summary>A change of a route's stage, kept for ever.</summary>
/// <param name="From">Null where the route was new.</param>
/// <param name="Forced">Somebody went past the gate.</param>
/// <param name="Evidence">The evidence at that time, as JSON; null: the stage asks for none.</param>
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
);
