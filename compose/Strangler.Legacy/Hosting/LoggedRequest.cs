namespace Shop.Hosting;

/// <summary>A request that a service answered.</summary>
/// <param name="ParentSpanId">
/// The span of the request in which the caller sent it; for the first request, the client's; null without one.
/// </param>
internal sealed record LoggedRequest(
    string TraceId,
    string SpanId,
    string? ParentSpanId,
    DateTime BeganAt,
    string Service,
    string Method,
    string Path,
    int Status
);
