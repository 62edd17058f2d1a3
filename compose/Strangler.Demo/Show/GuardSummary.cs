namespace Strangler.Demo.Show;

/// <summary>What happened when something changed that no projection declares.</summary>
/// <param name="Route">The route whose answers it changed.</param>
/// <param name="ChangedAtSecond">When it was changed.</param>
/// <param name="RolledBackAtSecond">When the route was seen to be back; null: it wasn't.</param>
/// <param name="Stage">Its stage since then.</param>
/// <param name="Why">What its guard found.</param>
/// <param name="Cause">What the comparisons say about the cause; null: nothing.</param>
public sealed record GuardSummary(
    string Route,
    double ChangedAtSecond,
    double? RolledBackAtSecond,
    string? Stage,
    string? Why,
    string? Cause
);
