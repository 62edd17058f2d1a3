using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>How far a snapshot has come that nobody sees yet: what it is if it ends here.</summary>
/// <param name="Through">Its last record. A log that doesn't have it has less than this says.</param>
/// <param name="At">The source's clock at the snapshot.</param>
/// <param name="Tables">All tables; those that have not been read whole are unread.</param>
internal sealed record PartialSnapshot(Position Through, DateTimeOffset At, IReadOnlyList<TableOffset> Tables);
