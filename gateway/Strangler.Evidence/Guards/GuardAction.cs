namespace Strangler.Evidence.Guards;

/// <summary>What a guard that trips does. Stepping back to a stage in between comes with that stage.</summary>
internal enum GuardAction
{
    /// <summary>The route goes back to a stage in which the call graph answers.</summary>
    Rollback,

    /// <summary>The route stays, and isn't promoted until a person lifts that.</summary>
    Freeze,
}
