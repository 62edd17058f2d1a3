using Microsoft.AspNetCore.Authentication;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>The keys that the scheme <c>ApiKey</c> accepts.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    public ApiKeyModel Model { get; set; } = new("", []);
}
