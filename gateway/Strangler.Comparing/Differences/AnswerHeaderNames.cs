using System.Collections.Frozen;

namespace Strangler.Comparing.Differences;

/// <summary>Response headers that aren't about the answer itself, so a lookup's answer doesn't need them.</summary>
internal static class AnswerHeaderNames
{
    private const string Own = "Strangler-";

    /// <summary>
    /// What a server or proxy adds for the connection or the message (RFC 9110, 6.6.1, 7.6.1, 7.6.3, 8.4, 8.6, 10.2.4;
    /// RFC 9111, 5.1). The gateway adds its own.
    /// </summary>
    public static readonly IReadOnlyList<string> OfTheWay =
    [
        "Age",
        "Alt-Svc",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Date",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Connection",
        "Server",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
    ];

    /// <summary>What identifies one request or tells how long it took: it differs for each request.</summary>
    public static readonly IReadOnlyList<string> OfTheRequest =
    [
        "CF-Ray",
        "Request-Context",
        "Request-Id",
        "Server-Timing",
        "Traceparent",
        "Tracestate",
        "X-Amz-Cf-Id",
        "X-Amz-Request-Id",
        "X-Amzn-RequestId",
        "X-Amzn-Trace-Id",
        "X-B3-SpanId",
        "X-B3-TraceId",
        "X-Cloud-Trace-Context",
        "X-Correlation-Id",
        "X-Envoy-Upstream-Service-Time",
        "X-Ms-Request-Id",
        "X-Request-Id",
        "X-Request-Start",
        "X-Response-Time",
        "X-Runtime",
        "X-Trace-Id",
        "X-Transaction-Id",
    ];

    private static readonly FrozenSet<string> Ignored = OfTheWay
        .Concat(OfTheRequest)
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a lookup's answer doesn't need it unless a rule compares it.</summary>
    public static bool Ignores(string name) =>
        Ignored.Contains(name) || name.StartsWith(Own, StringComparison.OrdinalIgnoreCase);
}
