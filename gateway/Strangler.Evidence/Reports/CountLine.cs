namespace Strangler.Evidence.Reports;

/// <summary>A name and its count.</summary>
/// <param name="Name">A header in lower case, or a status.</param>
public sealed record CountLine(string Name, long Count);
