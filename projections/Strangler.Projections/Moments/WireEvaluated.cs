using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

internal sealed record WireEvaluated(Position From, Position To, DateTimeOffset PassedAt, IReadOnlyList<WireKey> Keys);
