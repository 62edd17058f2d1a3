using Strangler.Evidence.Gates;

namespace Strangler.Gateway.Stages;

/// <summary>A change of a route's stage, on its way to the store.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Version">The version on which it was decided.</param>
/// <param name="Stage">The new stage.</param>
/// <param name="Who">Who changes it.</param>
/// <param name="Why">Why.</param>
internal sealed record StageWrite(string Route, int Version, Stage Stage, string Who, string Why)
{
    /// <summary>A version that was in force: the new one is above it too.</summary>
    public int Floor { get; init; }

    /// <summary>Whether it bypasses the gate.</summary>
    public bool Forced { get; init; }

    /// <summary>The evidence on which it was decided, as JSON text. Null if it wasn't required.</summary>
    public string? Evidence { get; init; }

    /// <summary>The rule of the guard that tripped. Null: none did.</summary>
    public string? Guard { get; init; }

    /// <summary>Whether the route isn't promoted until a person lifts that.</summary>
    public bool IsFrozen { get; init; }
}
