namespace Strangler.Demo.Show;

/// <summary>A request that a legacy service answered.</summary>
internal sealed record Call(string SpanId, string? ParentSpanId, string Service);
