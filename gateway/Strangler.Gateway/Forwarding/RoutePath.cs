using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// The paths that an endpoint matches, as far as is known without its constraints, and whether it has an authorization
/// policy.
/// </summary>
internal sealed class RoutePath(RouteEndpoint endpoint)
{
    private readonly TemplateMatcher _matcher = new(
        new RouteTemplate(endpoint.RoutePattern),
        new RouteValueDictionary(endpoint.RoutePattern.Defaults)
    );

    public bool HasPolicy { get; } =
        endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null
        && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;

    /// <summary>
    /// Whether both paths match in the same way. If a value has a constraint, that is certain only for identical paths.
    /// </summary>
    public bool MatchesAlike(string path, string other)
    {
        var (one, two) = (Matches(path), Matches(other));
        return one == two && (!one || endpoint.RoutePattern.ParameterPolicies.Count == 0);
    }

    public bool Matches(string path) => _matcher.TryMatch(path, []);
}
