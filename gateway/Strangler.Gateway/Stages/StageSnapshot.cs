using System.Collections.Frozen;

namespace Strangler.Gateway.Stages;

/// <summary>The stages as read from the store at one time.</summary>
/// <param name="Routes">Stages by route id.</param>
/// <param name="Trouble">Why the store couldn't be read since. Null if the last read succeeded.</param>
internal sealed record StageSnapshot(FrozenDictionary<string, RouteStage> Routes, string? Trouble)
{
    /// <summary>Before the store has been read: the call graph answers every route.</summary>
    public static readonly StageSnapshot Unread = new(
        FrozenDictionary<string, RouteStage>.Empty,
        "The store has not been read yet."
    );

    /// <summary>Of a gateway without a store: the call graph answers every route, and nothing is wrong.</summary>
    public static readonly StageSnapshot WithoutStore = new(FrozenDictionary<string, RouteStage>.Empty, null);

    /// <summary>A route's stage as last read from the store. Null if it has none.</summary>
    public RouteStage? Find(string route) => Routes.GetValueOrDefault(route);
}
