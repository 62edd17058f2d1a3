using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>A key's moments in a bracket.</summary>
/// <param name="Key">In canonical text.</param>
/// <param name="Quiet">
/// Whether there is only one moment: nothing that the key reads changed in the bracket. <see cref="Moments"/> then
/// begins with the stored document, if one exists that would be served.
/// </param>
/// <param name="Touched">
/// The last commit before the bracket's end that mapped to the key: together with the key it
/// identifies one version of what is compared. Null if none ever did.
/// </param>
/// <param name="Moments">By position, then by clock; at most 64. A moment holds until the next.</param>
/// <param name="Mixes">f's results for mixes of row versions, at most 64; empty unless requested.</param>
/// <param name="Engine">
/// f's result for the mirror now, if the stored document differs from it, which is a fault of the engine. Null unless
/// requested, or if the key isn't quiet.
/// </param>
/// <param name="Commits">How many commits in the bracket changed a row version that the key reaches.</param>
public sealed record KeyMoments(
    string Key,
    bool Quiet,
    Position? Touched,
    IReadOnlyList<KeyMoment> Moments,
    IReadOnlyList<Made> Mixes,
    Made? Engine,
    int Commits
);
