using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>f's result for a key at one past state of the source and one clock.</summary>
/// <param name="Position">The end of the transaction after which the source had this state.</param>
/// <param name="Clock">The clock from which the result holds.</param>
public sealed record KeyMoment(Position Position, DateTimeOffset Clock, Made Made);
