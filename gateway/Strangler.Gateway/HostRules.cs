using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Strangler.Gateway;

/// <summary>
/// What ASP.NET Core's own host does before routing where the configuration asks for it: <c>AllowedHosts</c>, and the
/// headers of a proxy in front of it.
/// </summary>
internal static class HostRules
{
    private const string Hosts = "AllowedHosts";
    private const string ForwardedHeaders = "FORWARDEDHEADERS_ENABLED";
    private const string AllHosts = "*";

    public static IServiceCollection AddHostRules(this IServiceCollection services, IConfiguration configuration)
    {
        if (HostsOf(configuration) is { } hosts)
            services.AddHostFiltering(options => options.AllowedHosts = hosts);
        return services;
    }

    /// <summary>These come before routing, which looks at scheme and host.</summary>
    public static void UseHostRules(this WebApplication application, IConfiguration configuration)
    {
        var isBehindProxy = string.Equals(
            configuration[ForwardedHeaders],
            bool.TrueString,
            StringComparison.OrdinalIgnoreCase
        );
        if (isBehindProxy)
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders =
                    Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedFor
                    | Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedProto,
            };
            // as ASP.NET Core's host does with this variable, which is for a gateway that only a proxy can reach
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            application.UseForwardedHeaders(options);
        }
        if (HostsOf(configuration) is not null)
            application.UseHostFiltering();
        application.UseRouting();
    }

    /// <summary>Null if all are allowed.</summary>
    private static List<string>? HostsOf(IConfiguration configuration)
    {
        List<string> hosts =
        [
            .. (configuration[Hosts] ?? "").Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            ),
        ];
        return hosts.Count == 0 || hosts.Contains(AllHosts) ? null : hosts;
    }
}
