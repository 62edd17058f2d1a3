namespace Strangler.Comparing.Differences;

/// <summary>Differences that a rule ignores.</summary>
/// <param name="General">Their general path.</param>
/// <param name="Rule">The rule, as a report shows it: <c>Ignore $.generatedAt</c>.</param>
/// <param name="Count">How many in one comparison.</param>
internal sealed record IgnoredDifference(string General, string Rule, int Count);
