using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

internal sealed record WireEvaluation(Position From, Position To, DateTimeOffset PassedAt, IReadOnlyList<WireKey> Keys);
