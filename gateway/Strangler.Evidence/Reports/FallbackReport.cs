namespace Strangler.Evidence.Reports;

/// <summary>
/// Requests of a route that the lookup couldn't answer and that legacy wasn't asked, to protect it. They are those of
/// the gateway that made the report, since it started.
/// </summary>
/// <param name="Refused">Requests that got 503.</param>
/// <param name="RefusedBy">The limits that refused them.</param>
/// <param name="IsCircuitOpen">
/// Legacy failed several in a row: the gateway refuses all but one at a time until legacy answers.
/// </param>
public sealed record FallbackReport(long Refused, IReadOnlyList<ReasonCount> RefusedBy, bool IsCircuitOpen)
{
    /// <summary>
    /// The projection's own reasons for requests that went to legacy because it said that it doesn't know the answer.
    /// </summary>
    public IReadOnlyList<ReasonCount> AskLegacy { get; init; } = [];

    /// <summary>Nothing was refused.</summary>
    public static readonly FallbackReport None = new(0, [], false);
}
