using Strangler.Evidence.Reports;
using static Strangler.Evidence.Rendering.TextFigures;

namespace Strangler.Evidence.Rendering;

/// <summary>What protecting legacy from fallbacks has cost clients, as a sentence.</summary>
internal static class FallbackText
{
    /// <summary>Null: it has cost nothing.</summary>
    public static string? Of(FallbackReport fallback) =>
        fallback is { Refused: 0, IsCircuitOpen: false }
            ? null
            : $"Since this gateway started, {Number(fallback.Refused)} requests that the lookup couldn't answer got 503"
                + By(fallback.RefusedBy)
                + (fallback.IsCircuitOpen ? ". Legacy fails; one at a time is tried." : ".");

    /// <summary>What went to legacy because the projection says so, as a sentence. Null: nothing did.</summary>
    public static string? OfAskLegacy(FallbackReport fallback) =>
        fallback.AskLegacy.Count == 0
            ? null
            : "Since this gateway started, the projection asked legacy for "
                + $"{Number(fallback.AskLegacy.Sum(reason => reason.Count))} requests{By(fallback.AskLegacy)}.";

    private static string By(IReadOnlyList<ReasonCount> limits) =>
        limits.Count == 0
            ? ""
            : $" ({string.Join(", ", limits.Select(limit => $"{limit.Reason} {Number(limit.Count)}"))})";
}
