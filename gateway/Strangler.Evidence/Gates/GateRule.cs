namespace Strangler.Evidence.Gates;

/// <summary>A rule of the gate and its result.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Kept">Whether it is kept.</param>
/// <param name="Found">The finding, as a sentence.</param>
/// <param name="WayOut">What would help; empty if it is kept.</param>
internal sealed record GateRule(string Name, bool Kept, string Found, string WayOut);
