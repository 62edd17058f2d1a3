using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>
/// Tells by a key in a header who calls. Keys are compared by their hashes, all of them and each in constant time, so
/// that how long it takes tells nothing about a key.
/// </summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<ApiKeyOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<ApiKeyOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Options.Model.Header] is not [{ Length: > 0 } given])
            return Task.FromResult(AuthenticateResult.NoResult());
        if (Find(SHA256.HashData(Encoding.UTF8.GetBytes(given))) is not { } owner)
            return Task.FromResult(AuthenticateResult.Fail("The key is unknown."));
        Claim[] claims =
        [
            new(ClaimTypes.Name, owner.Name),
            .. owner.Roles.Select(role => new Claim(ClaimTypes.Role, role)),
        ];
        var caller = new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(caller, Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.Append("WWW-Authenticate", Scheme.Name); // RFC 9110, 15.5.2
        return base.HandleChallengeAsync(properties);
    }

    private ApiKeyOwner? Find(byte[] hash)
    {
        ApiKeyOwner? found = null;
        foreach (var owner in Options.Model.Owners)
        {
            if (CryptographicOperations.FixedTimeEquals(owner.Hash.Span, hash))
                found = owner;
        }
        return found;
    }
}
