using System.Net;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Http;

/// <summary>Reads where a part serves its metrics: the member <c>Metrics</c> of its section.</summary>
public static class MetricsAddress
{
    /// <param name="configuration">The whole configuration.</param>
    /// <param name="section">The part's section, such as <c>Bridge</c>.</param>
    /// <param name="faults">Where a fault is added.</param>
    /// <returns>Null if none is configured, or if its value is faulty.</returns>
    public static Uri? Read(IConfiguration configuration, string section, List<Fault> faults)
    {
        var path = $"{section}:Metrics";
        if (configuration[path] is not { } text)
            return null;
        if (
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttp
            && address.PathAndQuery == "/"
            && address.UserInfo.Length == 0
            // the server would take any other name for all addresses
            && (LoopbackGuard.IsLoopback(address) || IPAddress.TryParse(address.Host.Trim('[', ']'), out _))
        )
            return address;
        faults.Add(
            new Fault(
                path,
                $"'{text}' is not an address at which metrics can be served.",
                "Write 'http://', an IP address or 'localhost', and a port, such as 'http://127.0.0.1:9464'; or leave "
                    + "it out."
            )
        );
        return null;
    }
}
