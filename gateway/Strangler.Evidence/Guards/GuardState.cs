namespace Strangler.Evidence.Guards;

/// <summary>What a route's guard, or one of its rules, does.</summary>
internal enum GuardState
{
    /// <summary>The lookup answers nothing, or no rule is in force.</summary>
    Off,

    /// <summary>It watches.</summary>
    Armed,

    /// <summary>It can't know its figure, and so never trips.</summary>
    Blind,

    /// <summary>Its figure is above its limit, or was when the route was taken back.</summary>
    Tripped,

    /// <summary>The route was taken back, and waits for its cool-down.</summary>
    Cooling,

    /// <summary>The route isn't promoted until a person lifts that.</summary>
    Frozen,
}
