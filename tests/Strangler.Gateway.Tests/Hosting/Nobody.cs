using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>A scheme of a host that knows nobody, and forbids with 403.</summary>
internal sealed class Nobody(IOptionsMonitor<NobodyOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<NobodyOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        HandleForbiddenAsync(properties);
}
