using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>The verdict on one part of a sampled answer: on a key, or on the frame around the parts.</summary>
/// <param name="Unit">
/// The part's key in canonical text; null: the whole answer of several keys, or the frame around its parts.
/// </param>
/// <param name="Version">
/// Which version of the key was compared: the last commit that mapped to it. Null where nothing was evaluated.
/// </param>
/// <param name="Verdict">What was found.</param>
/// <param name="Ignored">What the rules let pass.</param>
/// <param name="Noise">
/// General paths at which two answers of legacy differ; empty unless legacy was asked again.
/// </param>
/// <param name="Legacy">Legacy's part, masked, for a person to look at; null where nothing differs.</param>
/// <param name="Lookup">The lookup's, masked.</param>
/// <param name="Position">The moment that the lookup's part was made at.</param>
/// <param name="Clock">And its clock.</param>
internal sealed record PartVerdict(
    string? Unit,
    Position? Version,
    Verdict Verdict,
    IReadOnlyList<IgnoredDifference> Ignored,
    IReadOnlyList<string> Noise,
    Answer? Legacy = null,
    Answer? Lookup = null,
    Position? Position = null,
    DateTimeOffset? Clock = null
)
{
    /// <summary>
    /// Of an answer of several keys that is not taken apart: each key and its version, where it has one.
    /// </summary>
    public IReadOnlyList<(string Key, Position Version)> Together { get; init; } = [];

    /// <summary>
    /// Of a match: the unit's keys that had a document at the moment that it equals. A match without any says that both
    /// sides know nothing of a key.
    /// </summary>
    public IReadOnlyList<string> Existing { get; init; } = [];
}
