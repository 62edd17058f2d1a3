namespace Strangler.Evidence.Gates;

/// <summary>What a gateway knows about a route at the moment in which its gate is asked.</summary>
/// <param name="Stage">The route's stage.</param>
/// <param name="StageSince">Since when, by the store's clock. Null if the store hasn't been read.</param>
/// <param name="Lag">How old the documents are. Null if that isn't known.</param>
internal sealed record RouteMoment(Stage Stage, DateTimeOffset? StageSince, TimeSpan? Lag)
{
    /// <summary>Nothing is known.</summary>
    public static readonly RouteMoment Unknown = new(Stage.Legacy, null, null);

    /// <summary>
    /// How long the route has been compared with the current evidence. In <c>shadow</c> that is the time in the stage,
    /// or since the evidence began, whichever is shorter. A route that has passed its gate keeps the evidence's time.
    /// </summary>
    /// <param name="evidenceSince">When the current evidence began. Null if there is none.</param>
    /// <param name="now">The gateway's clock.</param>
    public TimeSpan InStage(DateTimeOffset? evidenceSince, DateTimeOffset now)
    {
        var traits = Stage.Traits();
        if (!traits.UsesLookup || evidenceSince is not { } evidence || StageSince is not { } stage)
            return TimeSpan.Zero;
        var since = traits.IsGated || evidence > stage ? evidence : stage;
        return now > since ? now - since : TimeSpan.Zero;
    }
}
