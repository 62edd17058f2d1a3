namespace Strangler.Demo.Show;

/// <summary>A request that a legacy service answered.</summary>
/// <param name="BeganAt">When it arrived there.</param>
internal sealed record Call(string SpanId, string? ParentSpanId, string Service, DateTimeOffset BeganAt = default);
