using System.Runtime.CompilerServices;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// What the documents of a route must have for every caller: what legacy had answered, or written, before callers got
/// tokens for it. That is before a route came to the lookup, and while no key was known.
/// </summary>
internal sealed class SessionFloors
{
    private readonly ConditionalWeakTable<GatewayRoute, Floor> _floors = [];
    private int _era;

    /// <summary>Raised when an answer went out without a token. A floor of an earlier one doesn't count.</summary>
    public int Era => Volatile.Read(ref _era);

    /// <summary>A caller got no token.</summary>
    public void Raise() => Interlocked.Increment(ref _era);

    /// <param name="route">The route.</param>
    /// <param name="stage">The version of its stage.</param>
    /// <returns>Null if the source must be looked at for it.</returns>
    public SessionPosition? Find(GatewayRoute route, int stage) =>
        _floors.TryGetValue(route, out var floor) && floor.Stage == stage && floor.Era == Era ? floor.Position : null;

    /// <param name="route">The route.</param>
    /// <param name="stage">The version of its stage before the look was sent.</param>
    /// <param name="era">The same of <see cref="Era"/>.</param>
    /// <param name="position">Where the look was.</param>
    public void Set(GatewayRoute route, int stage, int era, SessionPosition position) =>
        _floors.AddOrUpdate(route, new Floor(stage, era, position));

    private sealed record Floor(int Stage, int Era, SessionPosition Position);
}
