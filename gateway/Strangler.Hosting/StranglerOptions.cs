using Microsoft.Extensions.Configuration;
using Strangler.Projections;

namespace Strangler.Hosting;

/// <summary>How Strangler finds what it needs in a host of YARP.</summary>
public sealed class StranglerOptions
{
    /// <summary>
    /// The section that the host gives YARP. A route's own section is <c>Routes:{id}:Strangler</c> in it.
    /// </summary>
    /// <value><c>ReverseProxy</c></value>
    public string ProxySection { get; set; } = "ReverseProxy";

    /// <summary>
    /// The sections of routes by their ids, for routes that come from code or another provider. One that is here counts
    /// in place of the one in <see cref="ProxySection"/>.
    /// </summary>
    public IDictionary<string, IConfigurationSection> Routes { get; } =
        new Dictionary<string, IConfigurationSection>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The projections that answer routes. Null: those of the assemblies that <c>Projections:Assemblies</c> names.
    /// </summary>
    public IReadOnlyList<IResponder>? Responders { get; set; }
}
