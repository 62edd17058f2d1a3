using System.Collections.Frozen;

namespace Strangler.Gateway.Http;

/// <summary>
/// Request headers that identify the caller. A lookup ignores them, so it can't give an answer that depends on them.
/// </summary>
internal static class CredentialHeaders
{
    /// <summary>The name under which a client certificate is counted.</summary>
    public const string ClientCertificate = "client-certificate";

    /// <summary>
    /// In lower case: HTTP's own headers (RFC 9110, 11.6.2; RFC 6265), keys of common APIs and API gateways, and
    /// headers with which a proxy that has authenticated a caller tells the service behind it.
    /// </summary>
    public static readonly IReadOnlyList<string> All =
    [
        "authorization",
        "cookie",
        "api-key",
        "apikey",
        "x-api-key",
        "x-apikey",
        "x-api-token",
        "x-functions-key",
        "ocp-apim-subscription-key",
        "x-auth-token",
        "x-access-token",
        "x-session-token",
        "x-amz-security-token",
        "x-goog-api-key",
        "private-token",
        "x-auth-request-user",
        "x-auth-request-email",
        "x-forwarded-user",
        "x-forwarded-email",
        "x-forwarded-access-token",
        "x-remote-user",
        "remote-user",
        "x-authenticated-user",
        "x-authenticated-userid",
        "x-user-id",
        "x-jwt-assertion",
        "x-goog-iap-jwt-assertion",
        "cf-access-jwt-assertion",
        "x-amzn-oidc-data",
        "x-ms-client-principal",
        "x-ms-token-aad-id-token",
        "x-client-cert",
        "x-ssl-client-cert",
        "x-forwarded-client-cert",
        "x-forwarded-tls-client-cert",
        "x-arr-clientcert",
        "client-cert",
    ];

    private static readonly FrozenSet<string> Names = All.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of query parameters that identify the caller to an API.</summary>
    public static readonly IReadOnlyList<string> QueryParameters =
    [
        "access_token",
        "api_key",
        "api-key",
        "apikey",
        "auth",
        "auth_token",
        "jwt",
        "session",
        "session_id",
        "sid",
        "sig",
        "signature",
        "token",
    ];

    /// <summary>The name as in <see cref="All"/>. Null if it isn't one of them.</summary>
    public static string? Find(string header) => Names.TryGetValue(header, out var name) ? name : null;

    /// <summary>Whether legacy refuses the caller with this status.</summary>
    public static bool Refuses(int status) => status is 401 or 403;
}
