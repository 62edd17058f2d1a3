namespace Strangler.Gateway.Admin;

/// <summary>A clock relative to this gateway's. Ages don't depend on it while the source is looked at.</summary>
/// <param name="AheadSeconds">Negative if it is behind.</param>
/// <param name="ErrorSeconds">The maximum distance of the true value.</param>
/// <param name="Sentence">What a person should know of it. Null if the clocks agree.</param>
public sealed record ClockReport(double AheadSeconds, double ErrorSeconds, string? Sentence);
