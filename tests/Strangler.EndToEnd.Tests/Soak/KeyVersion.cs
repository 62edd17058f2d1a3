namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>What was right for a key between two changes.</summary>
/// <param name="Begin">The earliest time at which it may have been right: before the change was committed.</param>
/// <param name="End">The latest time at which it may have been right: after the next change was committed.</param>
/// <param name="Content">What was right.</param>
internal sealed record KeyVersion(TimeSpan Begin, TimeSpan End, KeyContent Content);
