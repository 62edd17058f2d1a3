using Microsoft.AspNetCore.Http;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Whose request it is. A token keeps out other users of this machine. Only <c>/health</c> needs none, because a
/// container's health check has no token; without one it gives states and no details.
/// </summary>
internal static class AdminGuard
{
    /// <summary>Whether a request may pass without a token.</summary>
    public static bool IsOpen(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path == "/health";

    /// <summary>For whom the token of a request was made. Null if it has no known token.</summary>
    /// <param name="request">The request.</param>
    /// <param name="file">
    /// The file with the tokens, read only for a request that has one; null if none is named.
    /// </param>
    public static string? Owner(HttpRequest request, string? file) =>
        file is not null
        && request.Headers.Authorization is [{ } given]
        && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? AdminTokenFile.Read(file)?.Owner(given[Scheme.Length..].Trim())
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
