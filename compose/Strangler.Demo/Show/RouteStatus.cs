namespace Strangler.Demo.Show;

/// <summary>A route as the gateway's admin API shows it.</summary>
/// <param name="Route">Its id.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Legacy">Requests answered by the call graph.</param>
/// <param name="Lookup">Requests answered by the lookup.</param>
/// <param name="Lag">The age of its projection's watermark; null before it is built.</param>
/// <param name="Shadow">Comparison results.</param>
public sealed record RouteStatus(
    string Route,
    string Stage,
    SideStatus Legacy,
    SideStatus Lookup,
    TimeSpan? Lag,
    ShadowStatus Shadow
);
