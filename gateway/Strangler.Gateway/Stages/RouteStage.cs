using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A route's stage in the store.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Stage">Who answers it.</param>
/// <param name="Version">Increases by one with each change.</param>
/// <param name="ChangedAt">The store's clock at the change.</param>
/// <param name="Who">Who changed it.</param>
/// <param name="Why">Why it was changed.</param>
internal sealed record RouteStage(
    string Route,
    Stage Stage,
    int Version,
    DateTimeOffset ChangedAt,
    string Who,
    string Why
)
{
    /// <summary>The rule of the guard that set it. Null: a person, a gateway or the route itself did.</summary>
    public string? Guard { get; init; }

    /// <summary>Whether the route isn't promoted until a person lifts that.</summary>
    public bool IsFrozen { get; init; }
}
