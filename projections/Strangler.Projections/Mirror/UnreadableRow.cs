using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>A row that one projection can't read.</summary>
/// <param name="Use">The projection's use of its table.</param>
/// <param name="Problem">The reason, for people.</param>
/// <param name="IsFound">
/// Whether the links by which it is found are known, so that its keys are quarantined. If not, its keys are unknown.
/// </param>
internal sealed record UnreadableRow(TableUse Use, string Problem, bool IsFound);
