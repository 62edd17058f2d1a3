using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>An answer of legacy, and when it was made.</summary>
/// <param name="Began">The clock's timestamp before the request went out.</param>
/// <param name="Ended">And after the answer's last byte.</param>
/// <param name="BeganAt">The same by the wall clock.</param>
/// <param name="EndedAt">The same by the wall clock.</param>
/// <param name="Answer">Without content codings; null where it cannot be compared.</param>
/// <param name="Incomparable">Why not.</param>
internal sealed record LegacyAnswer(
    long Began,
    long Ended,
    DateTimeOffset BeganAt,
    DateTimeOffset EndedAt,
    Answer? Answer,
    IncomparableReason? Incomparable
);
