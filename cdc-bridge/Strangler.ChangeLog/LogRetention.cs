namespace Strangler.ChangeLog;

/// <summary>How much of the log is kept.</summary>
/// <param name="Age">Segments whose newest record is older are dropped.</param>
/// <param name="Bytes">The oldest segments are dropped until at most this much is left. Null: only age counts.</param>
/// <param name="Kept">
/// Everything after this position is kept whatever its age, because the source may send it again, and it is compared
/// then. Null if nothing is.
/// </param>
public sealed record LogRetention(TimeSpan Age, long? Bytes, Position? Kept = null);
