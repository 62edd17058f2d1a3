namespace Strangler.Evidence.Reports;

/// <summary>A rule of a route's guard.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="State"><c>armed</c>, <c>blind</c> or <c>tripped</c>.</param>
/// <param name="Figure">What was found, in short. Null: it isn't known.</param>
/// <param name="Limit">The limit, in short.</param>
/// <param name="Found">Both as a sentence.</param>
public sealed record GuardRuleReport(string Rule, string State, string? Figure, string Limit, string Found);
