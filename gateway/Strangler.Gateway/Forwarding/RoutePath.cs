using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// What paths an endpoint matches, as far as can be told without its constraints, and whether a policy of
/// authorization stands before it.
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
    /// Whether both match alike. Where a value has a constraint, only one and the same path surely does.
    /// </summary>
    public bool MatchesAlike(string path, string other)
    {
        var (one, two) = (Matches(path), Matches(other));
        return one == two && (!one || endpoint.RoutePattern.ParameterPolicies.Count == 0);
    }

    public bool Matches(string path) => _matcher.TryMatch(path, []);
}
