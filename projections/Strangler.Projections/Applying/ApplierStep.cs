using Strangler.ChangeLog;

namespace Strangler.Projections.Applying;

/// <summary>What one step of an applier did.</summary>
/// <param name="Records">Records of the log that were applied.</param>
/// <param name="Moved">Whether the checkpoint moved.</param>
/// <param name="Due">Keys computed because their time had come.</param>
/// <param name="Drained">Dirty keys computed.</param>
/// <param name="Cleaned">Whether leftovers of old builds or old history were deleted.</param>
/// <param name="Returns">
/// Whether a projection that had stopped fits its tables again: the applier is to be opened again, which builds it.
/// </param>
/// <param name="Seen">
/// Through here the log has been looked at: it may be further than the checkpoint by progress that is not worth a
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
    /// <summary>Whether there may be more to do at once.</summary>
    public bool Worked => Records > 0 || Due > 0 || Drained > 0 || Cleaned;
}
