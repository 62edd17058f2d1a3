using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

internal sealed record WireMoment(Position Position, DateTimeOffset Clock, WireOutcome Made);
