using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Marks a request with which the gateway itself asks legacy again: it bypasses every stage, and goes to the
/// destination that answered the first time, if the cluster still has it.
/// </summary>
internal sealed class LegacyReplayFeature(DestinationState? destination)
{
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        if (destination is not null && proxy.AvailableDestinations.Contains(destination))
            proxy.AvailableDestinations = [destination];
        return next(context);
    }
}
