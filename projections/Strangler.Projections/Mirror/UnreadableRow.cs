using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>A row that one projection can't read.</summary>
/// <param name="Use">The projection's use of its table.</param>
/// <param name="Problem">Why, for a person.</param>
/// <param name="IsFound">Whether the links by which it is found are known: its keys are quarantined then. If not,
/// nobody knows which keys it belongs to.</param>
internal sealed record UnreadableRow(TableUse Use, string Problem, bool IsFound);
