using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>What a configuration enables, as one sentence.</summary>
internal static class EnabledSummary
{
    public static string Of(IConfiguration configuration, EnabledParts parts)
    {
        List<string> enabled =
        [
            .. parts.HasBridge ? ["the bridge"] : (string[])[],
            .. parts.HasProjections ? ["the projections"] : (string[])[],
            .. parts.HasGateway ? [GatewayOf(configuration)] : (string[])[],
        ];
        return $"Enabled: {string.Join("; ", enabled)}.";
    }

    private static string GatewayOf(IConfiguration configuration)
    {
        var routes = configuration.GetSection("ReverseProxy:Routes").GetChildren().ToList();
        var looked = routes.Count(route => route["Strangler:Projection"] is not null);
        var admin = AdminApiAddress.Of(configuration);
        return looked == 0
            ? $"the gateway with {Counted(routes.Count)}, a plain proxy; the admin API at '{admin}'"
            : $"the gateway with {Counted(routes.Count)}, {Text(looked)} with a projection; the admin API at '{admin}'";
    }

    private static string Counted(int routes) => routes == 1 ? "1 route" : $"{Text(routes)} routes";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
