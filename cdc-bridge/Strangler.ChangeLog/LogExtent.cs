namespace Strangler.ChangeLog;

/// <summary>What the log holds of a source.</summary>
/// <param name="Begin">A reader at or behind this position misses nothing; one before it has lost what retention dropped.</param>
/// <param name="End">Through here the log is complete; null before the first snapshot has ended.</param>
/// <param name="At">The source's clock at <paramref name="End"/>.</param>
/// <param name="HoldsSnapshot">Whether the log still begins with a complete snapshot, so that everything can be rebuilt from it alone.</param>
public sealed record LogExtent(Position Begin, Position? End, DateTimeOffset At, bool HoldsSnapshot);
