using System.Text.Json.Serialization;
using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>Asks from which documents a legacy answer could have been made.</summary>
/// <param name="Projection">The projection and the version that is compared.</param>
/// <param name="Keys">Keys in canonical text, distinct.</param>
/// <param name="Before">
/// The last look received before the call (further back by legacy's staleness). L0 is the first commit that its
/// snapshot doesn't see.
/// </param>
/// <param name="After">L1: the insert LSN of the first look sent after the answer's last byte.</param>
/// <param name="ClockFrom">The earliest clock that legacy could have used.</param>
/// <param name="ClockTo">The latest clock that legacy could have used.</param>
/// <param name="Wait">How long to wait for the watermark.</param>
/// <param name="Mixes">
/// Whether to also run f on mixes of the row versions in the bracket, for keys that aren't quiet.
/// </param>
/// <param name="Diagnose">
/// Whether to also run f on the mirror for quiet keys, to tell a fault of the engine from a fault of f.
/// </param>
public sealed record BracketQuestion(
    ProjectionId Projection,
    IReadOnlyList<string> Keys,
    SourceLook Before,
    Lsn After,
    DateTimeOffset ClockFrom,
    DateTimeOffset ClockTo,
    TimeSpan Wait,
    bool Mixes = false,
    bool Diagnose = false
)
{
    /// <summary>
    /// The budget from which memory is reserved while the answer is read, and to which it is returned afterwards; null
    /// if unlimited. It isn't sent with the question.
    /// </summary>
    [JsonIgnore]
    public IByteBudget? Budget { get; init; }
}
