using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Keeps pages in a browser of this machine from using the admin API. A name that was rebound to loopback shows in Host; a page of another origin shows in Origin; a form cannot send JSON, and a
/// script that would is asked by the browser for a permission (CORS) that is never given.
/// </summary>
internal static class AdminGuard
{
    /// <summary>Null: it may pass.</summary>
    public static (int Status, Fault Fault)? Refusal(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            return (StatusCodes.Status403Forbidden, new Fault("Host", $"The host '{request.Host}' is not this machine.", "Call the admin API by its loopback address."));
        }
        if (request.Headers.Origin is [{ } origin, ..] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, new Fault("Origin", $"A page of '{origin}' may not call the admin API.", "Use the 'strangler' command."));
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !request.HasJsonContentType())
        {
            return (StatusCodes.Status415UnsupportedMediaType, new Fault("Content-Type", "The request is not JSON.", "Send it with 'Content-Type: application/json'."));
        }
        return null;
    }
}
