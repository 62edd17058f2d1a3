using Microsoft.AspNetCore.Authentication;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>None.</summary>
internal sealed class NobodyOptions : AuthenticationSchemeOptions;
