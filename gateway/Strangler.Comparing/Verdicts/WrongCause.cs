namespace Strangler.Comparing.Verdicts;

/// <summary>Whose fault a wrong document is.</summary>
internal enum WrongCause
{
    /// <summary>f returns it for these rows.</summary>
    Projection,

    /// <summary>
    /// The stored document differs from what f makes of the mirror: a defect of Strangler, and an alarm.
    /// </summary>
    Engine,

    /// <summary>It equals f at an older moment that is still kept.</summary>
    Behind,

    /// <summary>It equals f at a later moment: legacy is behind.</summary>
    Ahead,

    /// <summary>
    /// Legacy understands of the request what the route doesn't say: another spelling, or a header that it doesn't
    /// declare.
    /// </summary>
    Request,

    /// <summary>
    /// The same request matched before, and no row that its keys read has changed since: legacy depends on something
    /// that isn't declared.
    /// </summary>
    UndeclaredDependency,
}
