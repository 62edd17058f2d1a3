using Strangler.ChangeLog;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Json;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Verdicts;

/// <summary>
/// Judges answers of legacy by the results of f within a bracket. One answer is never enough to blame anything:
/// <see cref="OfOneAsync"/> finds matches, and only <see cref="OfTwoAsync"/> can return wrong.
/// </summary>
/// <param name="rules">What counts.</param>
/// <param name="canonical">The canonical text of a part's key.</param>
/// <param name="respond">Runs Respond.</param>
/// <param name="room">Memory for its work; null: unlimited.</param>
internal sealed class VerdictEvaluator(
    ComparisonRules rules,
    Func<string, string?> canonical,
    Func<Candidate, ValueTask<CandidateAnswer>> respond,
    IMemoryBudget? room = null
)
{
    private readonly IMemoryBudget _room = room ?? UnboundedMemoryBudget.Value;
    private readonly Dictionary<Candidate, (SplitAnswer? Pieces, (Doubt Reason, string Detail) Doubt)> _made = new(
        SameDocuments.Instance
    );

    /// <summary>Two answers with one status that were compared, preferably a matching pair; null: none.</summary>
    public (Answer Legacy, Answer Lookup)? Pair { get; private set; }

    public async ValueTask<SplitAnswer> TakeAsync(Answer answer)
    {
        if (rules.Parts is null)
            return new SplitAnswer(answer, rules, canonical);
        using var work = await _room.WorkAsync(CompareCost.OfParts(answer));
        var pieces = new SplitAnswer(answer, rules, canonical);
        _room.Take(CompareCost.OfPieces(pieces));
        return pieces;
    }

    /// <summary>Compares a unit with each of its moments. Equal to one is a match, whatever the others are.</summary>
    public async ValueTask<Finding> OfOneAsync(Unit unit, SplitAnswer legacy, BracketCandidates bracket)
    {
        if (bracket.Moments(unit) is not { } moments)
            return new Finding.Settled(
                Doubtful(
                    unit,
                    bracket,
                    Doubt.TooManyMoments,
                    $"More than {BracketCandidates.MaxCandidates} moments of several keys together."
                )
            );
        var quiet = bracket.Quiet(unit);
        PartVerdict? threw = null,
            failed = null;
        (ComparisonResult Compared, SplitAnswer Lookup, Candidate Candidate)? nearest = null;
        foreach (var candidate in moments)
        {
            var (compared, lookup, doubt) = await CompareAsync(unit, legacy, bracket, candidate);
            if (doubt is { Verdict: Verdict.Undetermined { Reason: Doubt.ProjectionThrew } })
                threw ??= doubt;
            else if (doubt is not null)
                failed ??= doubt;
            else if (compared!.Incomparable is { } reason)
                return new Finding.Settled(Judge(unit, bracket, new Verdict.Incomparable(ReasonOf(reason))));
            else if (compared.Equal)
                return new Finding.Settled(Matched(unit, legacy, lookup!, bracket, candidate, quiet, compared.Ignored));
            else
                nearest = (compared, lookup!, candidate);
        }
        if (nearest is not { } last)
            return new Finding.Settled((threw ?? failed)!);
        var open = await ShownAsync(
            Doubtful(unit, bracket, Doubt.NoBudget, Sentence(last.Compared)),
            last.Compared,
            unit,
            legacy,
            last.Lookup,
            last.Candidate
        );
        return new Finding.Open(open with { Ignored = last.Compared.Ignored });
    }

    /// <summary>Whether a unit that equals no moment equals f over a mix of the row versions of its bracket.</summary>
    public async ValueTask<PartVerdict?> OfMixesAsync(Unit unit, SplitAnswer legacy, BracketCandidates bracket)
    {
        foreach (var candidate in bracket.Mixes(unit).Take(BracketCandidates.MaxCandidates))
        {
            var (compared, _, doubt) = await CompareAsync(unit, legacy, bracket, candidate);
            if (doubt is null && compared!.Equal)
                return Judge(unit, bracket, Verdict.Torn.Value, compared.Ignored);
        }
        return null;
    }

    /// <summary>
    /// Judges two consecutive answers of legacy by the bracket around both. Wrong only if the bracket is quiet and both
    /// differ from f at the same paths with the same values. Two answers that differ from each other over one state are
    /// noise, even if one of them equals f.
    /// </summary>
    /// <returns>Null: the unit was changing.</returns>
    public async ValueTask<PartVerdict?> OfTwoAsync(
        Unit unit,
        SplitAnswer first,
        SplitAnswer second,
        BracketCandidates bracket
    )
    {
        if (!bracket.Quiet(unit))
            return null;
        var candidate = bracket.First;
        var (one, lookup, doubt) = await CompareAsync(unit, first, bracket, candidate);
        if (doubt is not null)
            return doubt;
        var two = await InRoomAsync(unit, second, lookup!);
        if (one!.Incomparable is { } reason)
            return Judge(unit, bracket, new Verdict.Incomparable(ReasonOf(reason)));
        if (two.Incomparable is not null)
            return Doubtful(unit, bracket, Doubt.SecondIncomparable, "The second answer cannot be read.");
        if (one.Equal && two.Equal)
            return Matched(unit, second, lookup!, bracket, candidate, true, two.Ignored);
        if (one.Equal || two.Equal || !one.SameFault(two))
        {
            var between = await InRoomAsync(unit, first, second);
            var paths = (between.Differences.Count > 0 ? between.Differences : [.. one.Differences, .. two.Differences])
                .Select(difference => difference.General)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            var noise = await ShownAsync(
                Doubtful(
                    unit,
                    bracket,
                    Doubt.Noise,
                    "Two answers of legacy differ at "
                        + $"{paths[0]}{(paths.Count > 1 ? $" and {paths.Count - 1} more" : "")}."
                ),
                two,
                unit,
                second,
                lookup!,
                candidate
            );
            return noise with { Noise = paths, Ignored = two.Ignored };
        }
        // a part that depends on another key is not at rest while that key changes
        if (bracket.OthersLast(unit) is { } others)
        {
            var (moved, _, _) = await CompareAsync(unit, second, bracket, others);
            if (moved is null || !moved.SameFault(two))
                return null;
        }
        return await ShownAsync(
            Judge(unit, bracket, new Verdict.Wrong(two.Differences, WrongCause.Projection), two.Ignored),
            two,
            unit,
            second,
            lookup!,
            candidate
        );
    }

    /// <summary>The position of the first moment that the unit equals; null: none.</summary>
    public async ValueTask<Position?> EqualAtAsync(Unit unit, SplitAnswer legacy, BracketCandidates bracket)
    {
        foreach (var candidate in bracket.Moments(unit) ?? [])
        {
            var (compared, _, doubt) = await CompareAsync(unit, legacy, bracket, candidate);
            if (doubt is null && compared!.Equal)
                return candidate.Position;
        }
        return null;
    }

    public static PartVerdict Doubtful(Unit unit, BracketCandidates? bracket, Doubt reason, string detail) =>
        Judge(unit, bracket, new Verdict.Undetermined(reason, detail));

    public static PartVerdict Judge(
        Unit unit,
        BracketCandidates? bracket,
        Verdict verdict,
        IReadOnlyList<IgnoredDifference>? ignored = null
    ) => new(unit.Key, bracket?.Version(unit), verdict, ignored ?? [], []) { Together = bracket?.Together(unit) ?? [] };

    private PartVerdict Matched(
        Unit unit,
        SplitAnswer legacy,
        SplitAnswer lookup,
        BracketCandidates bracket,
        Candidate at,
        bool quiet,
        IReadOnlyList<IgnoredDifference> ignored
    )
    {
        if (legacy.Whole.Status == lookup.Whole.Status)
            Pair = (legacy.Whole, lookup.Whole);
        return Judge(unit, bracket, new Verdict.Match(quiet, bracket.Commits(unit)), ignored) with
        {
            Existing = at.Existing(unit),
        };
    }

    private async ValueTask<(ComparisonResult? Compared, SplitAnswer? Lookup, PartVerdict? Doubt)> CompareAsync(
        Unit unit,
        SplitAnswer legacy,
        BracketCandidates bracket,
        Candidate candidate
    )
    {
        if (candidate.Threw is { } threw)
            return (null, null, Doubtful(unit, bracket, Doubt.ProjectionThrew, threw));
        if (candidate.LegacyReason is { } asks)
            return (null, null, Doubtful(unit, bracket, Doubt.AskLegacy, asks));
        if (!_made.TryGetValue(candidate, out var made))
        {
            var responded = await respond(candidate);
            made = responded.Answer is { } answer ? (await TakeAsync(answer), default) : (null, responded.Doubt);
            _made.Add(candidate, made);
        }
        if (made.Pieces is not { } lookup)
            return (null, null, Doubtful(unit, bracket, made.Doubt.Reason, made.Doubt.Detail));
        if (Pair is null && legacy.Whole.Status == lookup.Whole.Status)
            Pair = (legacy.Whole, lookup.Whole);
        return (await InRoomAsync(unit, legacy, lookup), lookup, null);
    }

    private async ValueTask<ComparisonResult> InRoomAsync(Unit unit, SplitAnswer one, SplitAnswer other)
    {
        var cost = one.Of(unit) is { } left && other.Of(unit) is { } right ? CompareCost.Of(left, right, rules) : 0;
        if (cost == 0)
            return SplitAnswer.Compare(unit, one, other, rules);
        using var work = await _room.WorkAsync(cost);
        return SplitAnswer.Compare(unit, one, other, rules);
    }

    /// <summary>
    /// Adds both sides, masked: without the headers that aren't compared, which may contain credentials.
    /// </summary>
    private async ValueTask<PartVerdict> ShownAsync(
        PartVerdict judged,
        ComparisonResult found,
        Unit unit,
        SplitAnswer legacy,
        SplitAnswer lookup,
        Candidate candidate
    )
    {
        _room.Take(CompareCost.OfFound(found));
        return judged with
        {
            Legacy = await MaskedAsync(unit, legacy),
            Lookup = await MaskedAsync(unit, lookup),
            Position = candidate.Position,
            Clock = candidate.Clock,
        };
    }

    private async ValueTask<Answer?> MaskedAsync(Unit unit, SplitAnswer pieces)
    {
        if (pieces.Of(unit) is not { } answer)
            return null;
        if (rules.Mask.Count == 0 && rules.HashValues.Count == 0)
            return Masked(unit, pieces, answer);
        using var work = await _room.WorkAsync(CompareCost.OfMasking(answer));
        var masked = Masked(unit, pieces, answer);
        _room.Take(masked.Body.Length);
        return masked;
    }

    private Answer Masked(Unit unit, SplitAnswer pieces, Answer answer)
    {
        var body =
            unit is Unit.Part part && pieces.Part(part.Of) is { } piece
                ? BodyMasker.Apply(piece, rules)
                : BodyMasker.Apply(answer.Body, rules);
        return answer with
        {
            Headers =
            [
                .. answer.Headers.Where(header =>
                    header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
                    || rules.Headers.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
                ),
            ],
            Body = body ?? default,
        };
    }

    private static string Sentence(ComparisonResult compared)
    {
        var more = compared.Differences.Count > 1 ? $" and {compared.Differences.Count - 1} more" : "";
        return $"It differs at {compared.Differences[0].General}{more}.";
    }

    private static IncomparableReason ReasonOf(UnreadableReason reason) =>
        reason == UnreadableReason.TooLarge ? IncomparableReason.TooLarge : IncomparableReason.Unreadable;
}
