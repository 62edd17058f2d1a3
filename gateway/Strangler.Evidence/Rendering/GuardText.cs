using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>A route's guard as sentences.</summary>
public static class GuardText
{
    /// <summary>The first sentence is about the guard; each further one about a rule.</summary>
    public static IReadOnlyList<string> Of(GuardReport guard) =>
        [
            $"guard {guard.State}{Details(guard)}",
            .. guard.Rules.Select(rule => $"{rule.Rule} {rule.State}: {rule.Found}"),
        ];

    private static string Details(GuardReport guard)
    {
        var trips = guard.Trips is > 0 and var count ? $", trip {count}" : "";
        var until = guard.CoolingUntil is { } time ? $", not promoted before {Time(time)} unless forced" : "";
        var dry = guard.DryRun
            ? $", dry run: it would have tripped {(guard.DryTrips == 1 ? "once" : $"{Number(guard.DryTrips)} times")}"
            : "";
        return $" ({guard.Action}{trips}{until}{dry})";
    }
}
