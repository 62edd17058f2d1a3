using System.Collections.Frozen;

namespace Strangler.Gateway.Stages;

/// <summary>The stages as one reading of the store found them.</summary>
/// <param name="Routes">Stages by route id.</param>
/// <param name="Trouble">Why the store could not be read since; null if the last reading went well.</param>
internal sealed record StageSnapshot(FrozenDictionary<string, RouteStage> Routes, string? Trouble)
{
    /// <summary>Before the store has been read: every route is the call graph's.</summary>
    public static readonly StageSnapshot Unread = new(
        FrozenDictionary<string, RouteStage>.Empty,
        "The store has not been read yet."
    );

    /// <summary>What the store said last of a route; null if nothing.</summary>
    public RouteStage? Find(string route) => Routes.GetValueOrDefault(route);
}
