namespace Strangler.Demo.Show;

/// <summary>Differences at one general path.</summary>
/// <param name="Path">The general path.</param>
/// <param name="Kind">The kind of the difference.</param>
/// <param name="Count">How often it was found.</param>
public sealed record DifferenceCount(string Path, string Kind, long Count);
