namespace Strangler.Evidence.Reports;

/// <summary>A reason, its count, and its meaning.</summary>
/// <param name="Reason">As written everywhere: <c>watermark-late</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="Meaning">A sentence.</param>
public sealed record ReasonCount(string Reason, long Count, string Meaning);
