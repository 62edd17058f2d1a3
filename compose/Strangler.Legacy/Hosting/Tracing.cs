using System.Diagnostics;

namespace Shop.Hosting;

/// <summary>Gives each request a span, whether or not spans are collected, and passes it on.</summary>
internal static class Tracing
{
    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.AllData,
    };

    static Tracing() => ActivitySource.AddActivityListener(Listener);

    /// <summary>
    /// A client whose requests carry the span of the request in which they are sent, so that a span's parent is a
    /// request that a service has logged.
    /// </summary>
    public static HttpClient Client() =>
        new(
            new PassOn
            {
                InnerHandler = new SocketsHttpHandler
                {
                    ActivityHeadersPropagator = null,
                    UseProxy = false,
                    UseCookies = false,
                },
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(30),
        };

    private sealed class PassOn : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (Activity.Current is { Id: { } id } span)
            {
                request.Headers.TryAddWithoutValidation("traceparent", id);
                if (span.TraceStateString is { Length: > 0 } state)
                    request.Headers.TryAddWithoutValidation("tracestate", state);
            }
            return base.SendAsync(request, cancellationToken);
        }
    }
}
