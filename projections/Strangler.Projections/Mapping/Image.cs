using Strangler.ChangeLog;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Mapping;

/// <summary>
/// A change of one row as mapping sees it: the links before and after, each null if no row existed then.
/// </summary>
internal sealed record Image(MirrorTable Table, string?[]? Before, string?[]? After, Position Commit);
