namespace Strangler.Evidence.Reports;

/// <summary>Where two answers of legacy differ from each other.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Count">The number of parts.</param>
public sealed record NoiseLine(string Path, long Count, DateTimeOffset First, DateTimeOffset Last);
