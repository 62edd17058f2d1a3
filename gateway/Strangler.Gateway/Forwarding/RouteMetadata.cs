using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// What YARP's route carries of its <c>Strangler</c> section. YARP compares metadata when it takes a configuration, so
/// a route whose section changed is a changed route, also for requests in progress.
/// </summary>
internal static class RouteMetadata
{
    private const string Stamp = "Strangler";
    private const string RawTarget = "Strangler:RawTarget";

    /// <summary>YARP's route of a request, which its endpoint has before YARP's pipeline begins.</summary>
    public static RouteModel RouteOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()
        ?? throw new InvalidOperationException("The request's endpoint is none of YARP's.");

    /// <summary>Null if the route has no section.</summary>
    public static string? StampOf(RouteConfig route) => route.Metadata?.GetValueOrDefault(Stamp);

    /// <summary>Whether legacy gets the target as the client wrote it.</summary>
    /// <param name="route">The route as YARP has it.</param>
    /// <param name="preset">For a route that doesn't say.</param>
    public static bool IsRaw(RouteConfig route, bool preset) =>
        route.Metadata?.GetValueOrDefault(RawTarget) is { } own ? own == bool.TrueString : preset;

    /// <summary>The route with what its section says.</summary>
    public static RouteConfig Add(RouteConfig route, StranglerRouteModel section)
    {
        var metadata = new Dictionary<string, string>(
            route.Metadata ?? new Dictionary<string, string>(),
            StringComparer.OrdinalIgnoreCase
        )
        {
            [Stamp] = section.Stamp,
        };
        if (section.RawTarget is { } raw)
            metadata[RawTarget] = raw ? bool.TrueString : bool.FalseString;
        return route with { Metadata = metadata };
    }
}
