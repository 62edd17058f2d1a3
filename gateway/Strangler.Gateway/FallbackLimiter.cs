using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strangler.Evidence;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Gateway;

/// <summary>
/// Admits fallbacks to legacy within the limits of the gateway and of their route, and answers the others with 503.
/// Requests that were always legacy's to answer don't come here.
/// </summary>
internal sealed partial class FallbackLimiter
{
    private readonly FallbackGuard _guard;
    private readonly GatewayMetrics _metrics;
    private readonly ILogger<FallbackLimiter> _logger;

    public FallbackLimiter(
        FallbackGuard guard,
        GatewayRoutes routes,
        GatewayMetrics metrics,
        ILogger<FallbackLimiter> logger
    )
    {
        (_guard, _metrics, _logger) = (guard, metrics, logger);
        metrics.ObserveFallbackCircuits(() =>
            routes
                .All.Where(route => route.Model.Lookup is not null)
                .Select(route => (route.Model.RouteId, route.Fallback.IsCircuitOpen))
        );
    }

    /// <summary>Whether a fallback of a route may go to legacy. A refused one is counted.</summary>
    public FallbackEntry Enter(GatewayRoute route)
    {
        FallbackEntry entry = new FallbackEntry.Refused(FallbackLimit.Gateway, TimeSpan.FromSeconds(1));
        if (_guard.TryEnter())
        {
            entry = route.Fallback.Enter();
            if (entry is FallbackEntry.Refused)
                _guard.Leave();
        }
        if (entry is FallbackEntry.Refused refused)
        {
            route.Stats.CountRefused(refused.Limit);
            _metrics.FallbackRefused(route.Model.RouteId, EnumText.Of(refused.Limit));
        }
        return entry;
    }

    /// <summary>An admitted fallback has ended, however it did.</summary>
    public void Leave(GatewayRoute route, FallbackEntry.Admitted entry, HttpContext context)
    {
        _guard.Leave();
        switch (route.Fallback.Leave(entry, EndOf(context)))
        {
            case true:
                CircuitOpened(route.Model.RouteId, route.Fallback.Limits.MaxFailures);
                break;
            case false:
                CircuitClosed(route.Model.RouteId);
                break;
        }
    }

    /// <summary>Answers a refused fallback with 503 and a sentence.</summary>
    public static async Task RefuseAsync(HttpContext context, FallbackEntry.Refused refused, bool hasAnswerHeader)
    {
        var (response, seconds) = (context.Response, Math.Max(1, (int)Math.Ceiling(refused.RetryAfter.TotalSeconds)));
        if (hasAnswerHeader)
            response.Headers[OwnHeaders.Answer] = $"gateway; limit={EnumText.Of(refused.Limit)}";
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/plain; charset=utf-8";
        var body = System.Text.Encoding.UTF8.GetBytes(
            $"The service is busy (limit '{EnumText.Of(refused.Limit)}'). Try again in {seconds} s.\n"
        );
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>
    /// A status of the application, 500 included, says that legacy is there: one bad key must not close it to others.
    /// </summary>
    internal static FallbackEnd EndOf(ForwarderError? error, int status) =>
        error switch
        {
            null or ForwarderError.None => status is 502 or 503 or 504 ? FallbackEnd.Failed : FallbackEnd.Answered,
            ForwarderError.Request
            or ForwarderError.RequestTimedOut
            or ForwarderError.RequestBodyDestination
            or ForwarderError.ResponseBodyDestination
            or ForwarderError.NoAvailableDestinations => FallbackEnd.Failed,
            _ => FallbackEnd.Unknown,
        };

    private static FallbackEnd EndOf(HttpContext context) =>
        context.RequestAborted.IsCancellationRequested || context.Features.Get<RequestRefusal>() is not null
            ? FallbackEnd.Unknown
            : EndOf(context.Features.Get<IForwarderErrorFeature>()?.Error, context.Response.StatusCode);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Legacy failed {Count} requests of route '{RouteId}' in a row that the lookup couldn't answer, so "
            + "such requests get 503. One at a time is tried."
    )]
    private partial void CircuitOpened(string routeId, int count);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Legacy answers requests of route '{RouteId}' again that the lookup can't answer."
    )]
    private partial void CircuitClosed(string routeId);
}
