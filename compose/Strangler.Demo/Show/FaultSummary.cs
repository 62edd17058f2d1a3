namespace Strangler.Demo.Show;

/// <summary>The result for a planted mistake.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Fields">The general paths at which it shows.</param>
/// <param name="TouchedKeys">How many items it affected when comparing began.</param>
/// <param name="Found">Whether a key was proven to be wrong.</param>
/// <param name="FoundAtSecond">When that was noticed.</param>
/// <param name="FoundAfter">
/// An upper bound of the reads of affected keys until then; each read is compared at most once.
/// </param>
/// <param name="FoundIn">The general paths that the evidence names at the end.</param>
/// <param name="FieldNamed">Whether one of the mistake's own paths is among them.</param>
/// <param name="PromotionRefused">Whether the gate kept an affected route in stage shadow.</param>
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
