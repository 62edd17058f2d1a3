using Strangler.ChangeLog;

namespace Strangler.Evidence.Reports;

/// <summary>The last change of a row.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Before">JSON text; null: it is no longer kept, or never existed.</param>
/// <param name="After">JSON text; null: deleted.</param>
/// <param name="Position">Its position in the source's log.</param>
/// <param name="CommittedAt">The source's clock at its commit, if known.</param>
public sealed record RowChangeReport(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    Position Position,
    DateTimeOffset? CommittedAt
);
