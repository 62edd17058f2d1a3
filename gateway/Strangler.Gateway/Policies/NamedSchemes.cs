using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Strangler.Gateway.Policies;

/// <summary>
/// No scheme is the default one, as ASP.NET Core would make a single one: callers of routes without a policy aren't
/// looked at, so that these routes don't wait for a server of tokens.
/// </summary>
internal sealed class NamedSchemes(IOptions<AuthenticationOptions> options) : AuthenticationSchemeProvider(options)
{
    public override Task<AuthenticationScheme?> GetDefaultAuthenticateSchemeAsync() =>
        Task.FromResult<AuthenticationScheme?>(null);
}
