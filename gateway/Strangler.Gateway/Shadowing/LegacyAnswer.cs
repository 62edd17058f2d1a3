using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>An answer of legacy, and when it was made.</summary>
/// <param name="Began">The clock's timestamp before the request was sent.</param>
/// <param name="Ended">The clock's timestamp after the answer's last byte.</param>
/// <param name="BeganAt">The beginning by the wall clock.</param>
/// <param name="EndedAt">The end by the wall clock.</param>
/// <param name="Answer">Without content codings. Null if it can't be compared.</param>
/// <param name="Incomparable">Why it can't be compared.</param>
internal sealed record LegacyAnswer(
    long Began,
    long Ended,
    DateTimeOffset BeganAt,
    DateTimeOffset EndedAt,
    Answer? Answer,
    IncomparableReason? Incomparable
);
