using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Promoting;

/// <summary>Which stage a route that promotes itself may try next. Pure; the gate decides afterwards.</summary>
internal static class AutoRule
{
    /// <summary>Whether a route may go further by itself, whatever its history says.</summary>
    public static bool IsCandidate(PromotionMode mode, Stage stage) =>
        mode is PromotionMode.Auto && stage.Traits().IsLeftByItself;

    /// <param name="mode">How the route is promoted.</param>
    /// <param name="stored">Its stage in the store.</param>
    /// <param name="newest">
    /// The newest change of its stage. A route that a person took back stays until a person takes it forward; one that
    /// its guard took back goes forward again after its cool-down.
    /// </param>
    /// <returns>The next stage. Null if the route stays where it is.</returns>
    public static Stage? Next(PromotionMode mode, RouteStage stored, RouteStageChange? newest)
    {
        if (!IsCandidate(mode, stored.Stage) || newest?.Version != stored.Version)
            return null;
        if (newest is { From: { } from, Guard: null } && newest.To < from)
            return null;
        return StageTraits.Stages.First(stage => stage > stored.Stage);
    }
}
