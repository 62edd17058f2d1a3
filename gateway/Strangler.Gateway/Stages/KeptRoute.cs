using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A route's stage in the file that a gateway keeps.</summary>
/// <param name="Scope">What the stage was decided on. Null if no projection answered the route.</param>
/// <param name="PutBack">How the gateway had put it back, if the store wasn't told yet.</param>
internal sealed record KeptRoute(
    string Route,
    string Stage,
    int Version,
    DateTimeOffset ChangedAt,
    string Who,
    string Why,
    string? Guard,
    bool IsFrozen,
    string? Scope,
    KeptPutBack? PutBack
)
{
    public static KeptRoute Of(RouteStage stage, string? scope, StageTable.PutBack? putBack) =>
        new(
            stage.Route,
            stage.Stage.Text(),
            stage.Version,
            stage.ChangedAt,
            stage.Who,
            stage.Why,
            stage.Guard,
            stage.IsFrozen,
            scope,
            putBack is null ? null : KeptPutBack.Of(putBack)
        );

    public RouteStage ToStage() =>
        new(Route, StageTraits.Parse(Stage)!.Value, Version, ChangedAt, Who, Why)
        {
            Guard = Guard,
            IsFrozen = IsFrozen,
        };
}
