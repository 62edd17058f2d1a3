namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>What was right of a key between two changes.</summary>
/// <param name="Begin">Since when it may have been so: before the change was committed.</param>
/// <param name="End">Until when it may have been so: after the next change was committed.</param>
/// <param name="Content">What was so.</param>
internal sealed record KeyVersion(TimeSpan Begin, TimeSpan End, KeyContent Content);
