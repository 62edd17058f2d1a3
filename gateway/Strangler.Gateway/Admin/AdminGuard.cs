using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Keeps pages in a browser of this machine from using the admin API. A name that was rebound to loopback shows in
/// Host, and a page of another origin in Origin. A form can't send JSON, and for a script that sends it, the browser
/// asks for a permission (CORS) that is never given. A token keeps out other users of this machine. Only <c>/health</c>
/// needs none, since it tells nothing except whether the gateway serves and what is wrong, and a container's health
/// check has no token.
/// </summary>
internal static class AdminGuard
{
    /// <summary>Null if the request may pass.</summary>
    public static (int Status, Fault Fault)? Refusal(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            return (
                StatusCodes.Status403Forbidden,
                new Fault(
                    "Host",
                    $"The host '{request.Host}' is not this machine.",
                    "Call the admin API by its loopback address."
                )
            );
        }
        if (
            request.Headers.Origin is [{ } origin, ..]
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        )
        {
            return (
                StatusCodes.Status403Forbidden,
                new Fault("Origin", $"A page of '{origin}' may not call the admin API.", "Use the 'strangler' command.")
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

    /// <summary>Whether a request may pass without a token.</summary>
    public static bool IsOpen(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path == "/health";

    /// <summary>For whom the token of a request was made. Null if it has no known token.</summary>
    public static string? Owner(HttpRequest request, AdminTokens? tokens) =>
        tokens is not null
        && request.Headers.Authorization is [{ } given]
        && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? tokens.Owner(given[Scheme.Length..].Trim())
            : null;

    /// <summary>The answer to a request without a token.</summary>
    public static Fault NoToken(string? file) =>
        new(
            "Authorization",
            "The admin API requires a token, and the request has no known one.",
            file is null
                ? $"Name a file in '{AdminTokenFile.Path}', and start the gateway again."
                : $"Run the command as the user who runs the gateway, who may read '{file}', or set "
                    + "STRANGLER_ADMIN_TOKEN to a token of that file: 'strangler token NAME' makes one for a "
                    + "person, 'strangler migrate' makes the file."
        );

    private const string Scheme = "Bearer ";
}
