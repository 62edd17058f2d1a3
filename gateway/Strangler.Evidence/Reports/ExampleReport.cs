using Strangler.ChangeLog;

namespace Strangler.Evidence.Reports;

/// <summary>A part that was wrong. What the route's rules mask was masked before it was stored.</summary>
/// <param name="Id">Identifies it for <c>strangler explain</c>.</param>
/// <param name="At">When legacy's answer ended.</param>
/// <param name="Request">Method, path and query.</param>
/// <param name="Key">The part's key; null: the frame around the parts.</param>
/// <param name="Position">The moment from which the lookup's part was made.</param>
/// <param name="Clock">The moment's clock.</param>
/// <param name="Cause">
/// Whose fault it is: <c>projection</c>, <c>engine</c>, <c>behind</c>, <c>ahead</c>, <c>request</c> or
/// <c>undeclared-dependency</c>.
/// </param>
/// <param name="Differences">All differences, up to a limit.</param>
/// <param name="Legacy">Legacy's part; null: not kept.</param>
/// <param name="Lookup">The lookup's part.</param>
public sealed record ExampleReport(
    string Id,
    DateTimeOffset At,
    string Request,
    string? Key,
    Position? Position,
    DateTimeOffset? Clock,
    string Cause,
    IReadOnlyList<DifferenceReport> Differences,
    AnswerReport? Legacy,
    AnswerReport? Lookup
)
{
    /// <summary>
    /// What legacy understands of the request and the route doesn't say, as a sentence; null: the cause is another one.
    /// </summary>
    public string? Form { get; init; }

    /// <summary>
    /// When the same request last matched with the same rows; null unless the cause is an undeclared dependency.
    /// </summary>
    public DateTimeOffset? MatchedAt { get; init; }
}
