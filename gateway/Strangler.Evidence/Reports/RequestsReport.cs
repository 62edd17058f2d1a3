namespace Strangler.Evidence.Reports;

/// <summary>Sampled requests and what happened to them, and requests that couldn't be sampled.</summary>
/// <param name="Sampled">All sampled requests.</param>
/// <param name="Compared">Those with a comparison, whatever its result.</param>
/// <param name="Dropped">Those without a comparison.</param>
/// <param name="DroppedBy">The reasons.</param>
/// <param name="Lost">
/// Those whose comparison couldn't be stored; no other figure includes them. The rest of the sampled requests are under
/// way, or were lost with a gateway that was killed.
/// </param>
/// <param name="NotSampled">
/// Requests that were not sampled because the lookup wouldn't answer them. Requests outside of the route's share are
/// not counted.
/// </param>
/// <param name="NotSampledBy">The reasons.</param>
public sealed record RequestsReport(
    long Sampled,
    long Compared,
    long Dropped,
    IReadOnlyList<ReasonCount> DroppedBy,
    long Lost,
    long NotSampled,
    IReadOnlyList<ReasonCount> NotSampledBy
);
