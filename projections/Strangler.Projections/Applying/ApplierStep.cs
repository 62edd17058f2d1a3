using Strangler.ChangeLog;

namespace Strangler.Projections.Applying;

/// <summary>What one step of an applier did.</summary>
/// <param name="Records">How many records of the log were applied.</param>
/// <param name="Moved">Whether the checkpoint moved.</param>
/// <param name="Due">How many keys were computed because they were due.</param>
/// <param name="Drained">How many dirty keys were computed.</param>
/// <param name="Cleaned">Whether leftovers of old builds or old history were deleted.</param>
/// <param name="Returns">
/// Whether a projection that had stopped fits its tables again. The applier then has to be opened again, which builds
/// it.
/// </param>
/// <param name="Seen">
/// The position through which the log has been read. It may be ahead of the checkpoint by progress that isn't worth a
/// transaction yet.
/// </param>
/// <param name="NextDue">When the next document changes by itself; null if none does.</param>
internal sealed record ApplierStep(
    int Records,
    bool Moved,
    int Due,
    int Drained,
    bool Cleaned,
    bool Returns,
    Position Seen,
    DateTimeOffset? NextDue
)
{
    /// <summary>Whether more work may be pending.</summary>
    public bool Worked => Records > 0 || Due > 0 || Drained > 0 || Cleaned;
}
