using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Http;

/// <summary>
/// Keeps pages in a browser of this machine from using an API that is served on loopback. A name that was rebound to
/// loopback shows in Host, and a page of another origin in Origin. A form can't send JSON, and for a script that sends
/// it, the browser asks for a permission (CORS) that is never given.
/// </summary>
public static class LoopbackGuard
{
    /// <summary>Whether a host, an IPv6 address with or without brackets, names only this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    /// <summary>Whether an address names only this machine.</summary>
    public static bool IsLoopback(Uri address) => IsLoopback(address.Host);

    /// <summary>The status and the fault of a request that is refused; null if it may pass.</summary>
    public static (int Status, Fault Fault)? Refusal(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
        {
            return (
                StatusCodes.Status403Forbidden,
                new Fault("Host", $"The host '{request.Host}' is not this machine.", "Call it by its loopback address.")
            );
        }
        if (
            request.Headers.Origin is [{ } origin, ..]
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        )
        {
            return (
                StatusCodes.Status403Forbidden,
                new Fault("Origin", $"A page of '{origin}' may not call this API.", "Use the 'strangler' command.")
            );
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !request.HasJsonContentType())
        {
            return (
                StatusCodes.Status415UnsupportedMediaType,
                new Fault("Content-Type", "The request is not JSON.", "Send it with 'Content-Type: application/json'.")
            );
        }
        return null;
    }
}
