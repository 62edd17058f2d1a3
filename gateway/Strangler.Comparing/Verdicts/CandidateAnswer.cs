using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>Respond's result for a candidate.</summary>
/// <param name="Answer">Null: it failed.</param>
/// <param name="Failed">How it failed; null: it didn't.</param>
internal readonly record struct CandidateAnswer(Answer? Answer, string? Failed);
