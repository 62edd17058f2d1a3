namespace Strangler.Evidence.Reports;

/// <summary>A route's guard, as one gateway sees it.</summary>
/// <param name="State">
/// <c>off</c>, <c>armed</c>, <c>blind</c>, <c>tripped</c>, <c>cooling</c> or <c>frozen</c>.
/// </param>
/// <param name="Action">What it does: <c>rollback</c> or <c>freeze</c>.</param>
/// <param name="DryRun">Whether it only says what it would do.</param>
/// <param name="Trips">Its trips without a week in between, up to 32. Null: the store hasn't been read.</param>
/// <param name="CoolingUntil">When the route may be promoted again. Null: now.</param>
/// <param name="DryTrips">What it would have done since the gateway started.</param>
/// <param name="Rules">The rules that are in force while the lookup answers.</param>
public sealed record GuardReport(
    string State,
    string Action,
    bool DryRun,
    int? Trips,
    DateTimeOffset? CoolingUntil,
    long DryTrips,
    IReadOnlyList<GuardRuleReport> Rules
);
