namespace Strangler.Evidence.Reports;

/// <summary>What a rule of the route ignored.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Rule">The rule as configured.</param>
/// <param name="Count">The number of differences that it ignored.</param>
public sealed record IgnoredLine(string Path, string Rule, long Count, DateTimeOffset First, DateTimeOffset Last);
