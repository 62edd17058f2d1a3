using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>The last change of a row.</summary>
/// <param name="Before">JSON text of the version before; null if none existed or it is no longer kept.</param>
/// <param name="After">JSON text of the version since; null if the row was deleted.</param>
/// <param name="At">The position of the change.</param>
/// <param name="CommittedAt">The source's clock at its commit, if known.</param>
/// <param name="Without">f's result with this row at its version before, and all others as they are.</param>
public sealed record ExplainedChange(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    Position At,
    DateTimeOffset? CommittedAt,
    Made Without
);
