namespace Strangler.Gateway.Configuration;

/// <summary>The routes without a section <c>Strangler</c> whose writes sessions see.</summary>
/// <param name="Names">Ids of routes in YARP's configuration, or <see cref="All"/>.</param>
internal sealed record SessionWriteRoutes(IReadOnlySet<string> Names)
{
    /// <summary>Means every route.</summary>
    public const string All = "*";

    public static readonly SessionWriteRoutes None = new(new HashSet<string>());

    public static SessionWriteRoutes Of(IEnumerable<string> names) =>
        new(names.ToHashSet(StringComparer.OrdinalIgnoreCase));

    public bool Has(string routeId) => Names.Count > 0 && (Names.Contains(routeId) || Names.Contains(All));
}
