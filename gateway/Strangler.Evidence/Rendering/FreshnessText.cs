using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>What a route's promise about the age of answers costs, in sentences.</summary>
internal static class FreshnessText
{
    public static string Of(FreshnessReport freshness) =>
        $"Freshness '{freshness.Promise}': since this gateway started, {Number(freshness.Waits)} requests waited for "
        + $"documents{Times(freshness.WaitP50, freshness.WaitP99)}"
        + (
            freshness.Held == 0
                ? "."
                : $"; {Number(freshness.Held)} answers of legacy were held for their callers' tokens"
                    + $"{Times(freshness.HeldP50, freshness.HeldP99)}."
        );

    private static string Times(double? p50, double? p99) =>
        p50 is null ? "" : $" (p50 {Milliseconds(p50)} ms, p99 {Milliseconds(p99)} ms)";
}
