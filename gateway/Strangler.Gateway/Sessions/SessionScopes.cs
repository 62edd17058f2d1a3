using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Sessions;

/// <summary>The scope of the configuration that is in effect.</summary>
internal sealed class SessionScopes
{
    private volatile SessionScope? _current;

    public SessionScopes(CurrentRoutes routes)
    {
        routes.Changed += () => _current = SessionScope.Of(routes.All);
        _current = SessionScope.Of(routes.All);
    }

    /// <summary>Null if no route has <c>Freshness: session</c>.</summary>
    public SessionScope? Current => _current;
}
