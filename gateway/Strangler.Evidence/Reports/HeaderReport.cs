namespace Strangler.Evidence.Reports;

/// <summary>A header.</summary>
public sealed record HeaderReport(string Name, string Value);
