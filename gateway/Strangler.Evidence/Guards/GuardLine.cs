namespace Strangler.Evidence.Guards;

/// <summary>A rule of the guard and its result.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="State">Armed, blind or tripped.</param>
/// <param name="Figure">What was found, in short. Null: it isn't known.</param>
/// <param name="Limit">The limit, in short.</param>
/// <param name="Found">Both as a sentence.</param>
internal sealed record GuardLine(string Name, GuardState State, string? Figure, string Limit, string Found);
