using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>Respond's result for a candidate.</summary>
/// <param name="Answer">Null: it failed, or asks legacy.</param>
/// <param name="Failed">How it failed; null: it didn't.</param>
internal readonly record struct CandidateAnswer(Answer? Answer, string? Failed)
{
    /// <summary>Why it asks legacy; null: it doesn't.</summary>
    public string? LegacyReason { get; init; }

    /// <summary>Why nothing can be compared.</summary>
    public (Doubt Reason, string Detail) Doubt =>
        LegacyReason is { } reason
            ? (Verdicts.Doubt.AskLegacy, reason)
            : (Verdicts.Doubt.RespondFailed, Failed ?? "Respond failed.");
}
