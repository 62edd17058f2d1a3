using Strangler.Comparing.Answers;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Legacy's answer to a sampled request, copied as it passed to the client.</summary>
/// <param name="Before">The look with which its bracket begins.</param>
/// <param name="Copy">Its body. The comparison disposes it.</param>
/// <param name="Incomparable">Why it can't be compared, regardless of its bytes.</param>
internal sealed record SampledAnswer(
    TakenLook Before,
    AnswerCopy Copy,
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    IncomparableReason? Incomparable,
    long Began,
    long Ended,
    DateTimeOffset BeganAt,
    DateTimeOffset EndedAt
)
{
    /// <summary>The copy itself is held until the comparison ends. Decompressed bytes are held in addition.</summary>
    public async ValueTask<LegacyAnswer> DecodeAsync(HeldBytes held, ComparisonRules rules)
    {
        var (answer, unreadable) = ((Answer?)null, Incomparable);
        if (unreadable is null)
        {
            using var work = await held.WorkAsync(Copy.Length + AnswerBodies.Cost(Headers, Copy.Length, rules));
            var whole = new Answer(Status, Headers, Copy.Take());
            (answer, unreadable) = ForwardOutcome.Decode(whole, rules);
            if (answer is not null && !answer.Body.Equals(whole.Body))
                held.Take(answer.Body.Length);
        }
        return new LegacyAnswer(Began, Ended, BeganAt, EndedAt, answer, unreadable);
    }
}
