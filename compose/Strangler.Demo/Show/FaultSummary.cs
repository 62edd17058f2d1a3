namespace Strangler.Demo.Show;

/// <summary>What became of a planted mistake.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Fields">The general paths in which it shows.</param>
/// <param name="TouchedKeys">How many items it touched when comparing began.</param>
/// <param name="Found">Whether a key was proven to be wrong.</param>
/// <param name="FoundAtSecond">When that was seen.</param>
/// <param name="FoundAfter">
/// After how many reads of touched keys, each of which is compared at most once: no later than that.
/// </param>
/// <param name="FoundIn">The general paths that the evidence names at the end.</param>
/// <param name="FieldNamed">Whether one of its own is among them.</param>
/// <param name="PromotionRefused">Whether the gate kept a route with it in stage shadow.</param>
public sealed record FaultSummary(
    string Name,
    string Wrong,
    IReadOnlyList<string> Fields,
    int TouchedKeys,
    bool Found,
    double? FoundAtSecond,
    long? FoundAfter,
    IReadOnlyList<string> FoundIn,
    bool FieldNamed,
    bool PromotionRefused
);
