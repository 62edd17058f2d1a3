using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Keeps pages in a browser of this machine from using the admin API. A name that was rebound to loopback shows in
/// Host; a page of another origin shows in Origin; a form cannot send JSON, and a script that would is asked by the
/// browser for a permission (CORS) that is never given. Other users of this machine are kept out by a token;
/// <c>/health</c> alone needs none, since whoever watches a container has no token; without one it gives states and no
/// details.
/// </summary>
internal static class AdminGuard
{
    /// <summary>Null: it may pass.</summary>
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

    /// <summary>Whom the token of a request was made for; null: it has none that is known.</summary>
    /// <param name="request">The request.</param>
    /// <param name="file">The file with the tokens, read only for a request that has one; null: there is none.</param>
    public static string? Owner(HttpRequest request, string? file) =>
        file is not null
        && request.Headers.Authorization is [{ } given]
        && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? AdminTokenFile.Read(file)?.Owner(given[Scheme.Length..].Trim())
            : null;

    /// <summary>What is said to a request without a token.</summary>
    public static Fault NoToken(string? file) =>
        new(
            "Authorization",
            "The admin API asks for a token, and the request has none that is known.",
            file is null
                ? $"Name a file in '{AdminTokenFile.Path}', and start the gateway again."
                : $"Run the command as the user who runs the gateway, who may read '{file}', or set "
                    + "STRANGLER_ADMIN_TOKEN to a token of that file: 'strangler token NAME' makes one for a "
                    + "person, 'strangler migrate' makes the file."
        );

    private const string Scheme = "Bearer ";
}
