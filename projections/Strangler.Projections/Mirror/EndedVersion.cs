using Strangler.ChangeLog;

namespace Strangler.Projections.Mirror;

/// <summary>A version that has ended.</summary>
internal sealed record EndedVersion(RowVersion Version, Position To);
