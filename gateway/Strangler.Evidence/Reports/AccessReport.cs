namespace Strangler.Evidence.Reports;

/// <summary>Who asked in shadow, sampled or not, and whom legacy refused. A lookup doesn't check who asks.</summary>
/// <param name="Anonymous">Whether the route is declared anonymous: everybody may see its answers.</param>
/// <param name="Requests">Requests that the lookup would answer.</param>
/// <param name="WithCredentials">Of these, requests with credentials.</param>
/// <param name="Credentials">By header; a request may have several.</param>
/// <param name="Refused">Requests that legacy answered with 401 or 403.</param>
public sealed record AccessReport(
    bool Anonymous,
    long Requests,
    long WithCredentials,
    IReadOnlyList<CountLine> Credentials,
    IReadOnlyList<CountLine> Refused
)
{
    public static readonly AccessReport None = new(false, 0, 0, [], []);
}
