using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>The verdict on one part of a sampled answer: on a key, or on the frame around the parts.</summary>
/// <param name="Unit">
/// The part's key in canonical text; null: the whole answer of several keys, or the frame around its parts.
/// </param>
/// <param name="Version">
/// Which version of the key was compared: the position of the last commit that mapped to it. Null if nothing
/// was evaluated.
/// </param>
/// <param name="Verdict">The result.</param>
/// <param name="Ignored">What the rules ignored.</param>
/// <param name="Noise">
/// General paths at which two answers of legacy differ; empty unless legacy was asked again.
/// </param>
/// <param name="Legacy">Legacy's part, masked, for a person to look at; null if nothing differs.</param>
/// <param name="Lookup">The lookup's part, masked.</param>
/// <param name="Position">The position of the moment from which the lookup's part was made.</param>
/// <param name="Clock">The moment's clock.</param>
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
    /// <summary>For an answer of several keys that is not split: each key and its version, if it has one.</summary>
    public IReadOnlyList<(string Key, Position Version)> Together { get; init; } = [];

    /// <summary>
    /// For a match: the unit's keys that had a document at the matching moment. A match without any means that both
    /// sides have nothing for a key.
    /// </summary>
    public IReadOnlyList<string> Existing { get; init; } = [];
}
