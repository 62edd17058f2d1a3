using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>What Respond made of a candidate.</summary>
/// <param name="Answer">Null: it failed.</param>
/// <param name="Failed">How; null: it did not.</param>
internal readonly record struct CandidateAnswer(Answer? Answer, string? Failed);
