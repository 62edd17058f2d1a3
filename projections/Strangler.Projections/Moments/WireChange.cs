using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

internal sealed record WireChange(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    Position At,
    DateTimeOffset? CommittedAt,
    WireOutcome Without
);
