using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Compares one sampled request. 1. Get the bracket around its answer. 2. Compare each unit with its moments. 3.
/// Compare units that equal none with mixes. 4. For the remaining units, ask legacy again, once and then twice in a
/// row, until the unit is quiet. 5. Diagnose what is wrong. This class waits and calls; <see cref="VerdictEvaluator"/>
/// decides.
/// </summary>
internal sealed class ComparisonRun(
    ShadowModel options,
    ProjectionId projection,
    IReadOnlyList<string> keys,
    VerdictEvaluator judging,
    IMoments moments,
    ISourceSnapshots sights,
    ILegacyReplay legacy
)
{
    private readonly IReadOnlyList<string> _distinct = [.. keys.Distinct(StringComparer.Ordinal)];
    private readonly Dictionary<Unit, PartVerdict> _settled = [];
    private readonly Dictionary<Unit, PartVerdict> _open = [];

    /// <summary>When the watermark had passed the first bracket. Null until then.</summary>
    public DateTimeOffset? PassedAt { get; private set; }

    /// <summary>
    /// Whether a fault of Strangler itself was found: the store holds something other than f's result. This raises an
    /// alarm.
    /// </summary>
    public bool EngineAtFault { get; private set; }

    /// <param name="sampled">The answer that a client got.</param>
    /// <param name="before">
    /// The last look received before its request was sent, earlier by <see cref="ShadowModel.LegacyStaleness"/>.
    /// </param>
    public async ValueTask<IReadOnlyList<PartVerdict>> RunAsync(
        LegacyAnswer sampled,
        SourceSnapshot before,
        CancellationToken cancellationToken
    )
    {
        if (sampled.Answer is not { } answer)
            return
            [
                VerdictEvaluator.Judge(
                    new Unit.Whole(Single),
                    null,
                    new Verdict.Incomparable(sampled.Incomparable ?? IncomparableReason.Unreadable)
                ),
            ];
        var first = new Asked(sampled, before, await judging.TakeAsync(answer));
        foreach (var unit in Unit.AllOf(first.Pieces, _distinct))
            _open.Add(unit, VerdictEvaluator.Doubtful(unit, null, Doubt.Unavailable, ""));

        var after = await sights.AfterAsync(sampled.Ended, cancellationToken); // 1.
        if (await BracketAsync(first, first, after, cancellationToken) is { } bracket)
        {
            PassedAt = bracket.Found.PassedAt;
            foreach (var unit in Open)
                Take(unit, await judging.OfOneAsync(unit, first.Pieces, bracket)); // 2.
            if (Open.Any(unit => !bracket.Quiet(unit)))
                await MixesAsync(first, after!, bracket, cancellationToken); // 3.
            if (_open.Count > 0)
                await AskAgainAsync(first, cancellationToken); // 4.
        }
        return [.. _settled.Values, .. _open.Values];
    }

    private const string Unverified = "The log has not been compared with the source since its server started.";

    private string? Single => _distinct.Count == 1 ? _distinct[0] : null;

    private List<Unit> Open => [.. _open.Keys];

    private async ValueTask MixesAsync(
        Asked first,
        SourceSnapshot after,
        BracketCandidates bracket,
        CancellationToken cancellationToken
    )
    {
        var busy = Open.Where(unit => !bracket.Quiet(unit)).ToList();
        var asked = await EvaluateAsync(Question(first, first, after) with { Mixes = true }, cancellationToken);
        if (asked.Bracket is not { } mixed)
            return; // the next answer may still settle a torn one
        foreach (var unit in busy)
        {
            if (await judging.OfMixesAsync(unit, first.Pieces, mixed) is { } torn)
                Settle(unit, torn);
        }
    }

    /// <summary>
    /// The first round asks once, since the sampled answer may be the other half of a quiet pair. Each further round
    /// asks twice in a row.
    /// </summary>
    private async ValueTask AskAgainAsync(Asked sampled, CancellationToken cancellationToken)
    {
        var left = options.AgainTimes;
        for (var round = 0; _open.Count > 0; round++)
        {
            var asks = round == 0 ? 1 : 2;
            if (left < asks)
            {
                StayOpen(options.AgainTimes == 0 ? Doubt.NoBudget : Doubt.NeverAtRest);
                return;
            }
            left -= asks;
            if (round > 1)
                await legacy.PauseAsync(round - 1, cancellationToken);
            if (
                (round == 0 ? sampled : await AskAsync(cancellationToken)) is not { } first
                || await AskAsync(cancellationToken) is not { } second
            )
                return;
            var after = await sights.LookAsync(cancellationToken);
            if (await BracketAsync(first, second, after, cancellationToken) is not { } around)
                return;
            await PairAsync(first, second, after!, around, cancellationToken);
            // the answer alone may equal a moment of its own call
            if (_open.Count == 0 || await BracketAsync(second, second, after, cancellationToken) is not { } own)
                return;
            foreach (var unit in Open)
            {
                if (
                    await judging.OfOneAsync(unit, second.Pieces, own) is Finding.Settled
                    {
                        Judged: { Verdict: Verdict.Match } match
                    }
                )
                    Settle(unit, match);
            }
        }
    }

    private async ValueTask PairAsync(
        Asked first,
        Asked second,
        SourceSnapshot after,
        BracketCandidates around,
        CancellationToken cancellationToken
    )
    {
        var question = Question(first, second, after);
        (bool Asked, BracketCandidates? Stored) diagnosed = default;
        (bool Asked, BracketCandidates? All) wide = default;
        foreach (var unit in Open)
        {
            if (await judging.OfTwoAsync(unit, first.Pieces, second.Pieces, around) is not { } judged)
                continue;
            if (judged.Verdict is Verdict.Wrong wrong)
            {
                // A crash after the last look may have lost commits that legacy had read before they were flushed, and
                // other commits may now have their positions. Projections see only flushed commits: if the connection
                // is still alive when they have passed the bracket, nothing in the bracket was lost.
                if (await sights.LookAsync(cancellationToken) is not { } still || still.Generation != after.Generation)
                    judged = judged with { Verdict = new Verdict.Undetermined(Doubt.PollBroken, "") };
                else
                    judged = judged with { Verdict = wrong with { Cause = await CauseAsync(unit) } }; // 5.
            }
            Settle(unit, judged);
        }

        // The cause. If a stored document differs from f on the mirror, it is the engine. If the answer equals f at
        // another time that is still kept, it is behind or ahead. Otherwise it is f. Both questions cover all keys, and
        // are asked once.
        async ValueTask<WrongCause> CauseAsync(Unit unit)
        {
            if (!diagnosed.Asked)
                diagnosed = (true, (await EvaluateAsync(question with { Diagnose = true }, cancellationToken)).Bracket);
            if (diagnosed.Stored is { } stored && stored.Unlike(unit).Any())
            {
                EngineAtFault = true;
                return WrongCause.Engine;
            }
            if (!wide.Asked)
                wide = (
                    true,
                    sights.Kept() is { } kept
                        ? (
                            await EvaluateAsync(
                                question with
                                {
                                    Before = kept.Oldest.Sight,
                                    After = kept.Newest.Sight.End,
                                },
                                cancellationToken
                            )
                        ).Bracket
                        : null
                );
            if (wide.All is not { } all || await judging.EqualAtAsync(unit, second.Pieces, all) is not { } at)
                return WrongCause.Projection;
            return at >= around.Found.To ? WrongCause.Ahead : WrongCause.Behind;
        }
    }

    /// <summary>
    /// Asks once, with its own looks around the call. Null if nothing more can be found out; all open units are then
    /// settled.
    /// </summary>
    private async ValueTask<Asked?> AskAsync(CancellationToken cancellationToken)
    {
        if (!await legacy.MayAskAsync(cancellationToken))
        {
            StayOpen(Doubt.NoBudget);
            return null;
        }
        var look = await sights.LookAsync(cancellationToken);
        var again = await legacy.AskAsync(cancellationToken);
        // legacy may answer from a cache again, regardless of the request's headers
        var before =
            options.LegacyStaleness > TimeSpan.Zero ? sights.Before(again.Began, options.LegacyStaleness) : look;
        if (before is null)
        {
            SettleAll(Doubt.Unavailable, "The source is not seen.");
            return null;
        }
        if (again.Answer is { } answer)
            return new Asked(again, before, await judging.TakeAsync(answer));
        SettleAll(Doubt.SecondIncomparable, $"{again.Incomparable}");
        return null;
    }

    /// <summary>
    /// The bracket from the beginning of one answer to the end of another. Null if nothing is known about it; all open
    /// units are then settled.
    /// </summary>
    private async ValueTask<BracketCandidates?> BracketAsync(
        Asked first,
        Asked last,
        SourceSnapshot? after,
        CancellationToken cancellationToken
    )
    {
        if (after is null)
            SettleAll(Doubt.Unavailable, "The source is not seen.");
        else if (first.Before.Generation != after.Generation)
            SettleAll(Doubt.PollBroken, "");
        else if (!sights.IsVerified(after))
            SettleAll(Doubt.Unavailable, Unverified); // stored rows may belong to another history
        else
        {
            var found = await EvaluateAsync(Question(first, last, after), cancellationToken);
            if (found.Bracket is { } bracket)
                return bracket;
            SettleAll(found.Reason, found.Detail);
        }
        return null;
    }

    private BracketQuestion Question(Asked first, Asked last, SourceSnapshot after) =>
        new(
            projection,
            _distinct,
            first.Before.Sight,
            after.Sight.End,
            first.Answer.BeganAt - options.LegacyStaleness - options.ClockSkew,
            last.Answer.EndedAt + options.ClockSkew,
            options.Wait
        );

    private async ValueTask<(BracketCandidates? Bracket, Doubt Reason, string Detail)> EvaluateAsync(
        BracketQuestion question,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await moments.EvaluateAsync(question, cancellationToken) switch
            {
                BracketFound.Evaluated evaluated when BracketCandidates.Of(evaluated, keys) is { } bracket => (
                    bracket,
                    default,
                    ""
                ),
                BracketFound.Undetermined undetermined => (null, DoubtOf(undetermined.Reason), undetermined.Detail),
                _ => (null, Doubt.Unavailable, "The projections left out a key."),
            };
        }
        catch (MomentsUnavailableException exception)
        {
            return (null, Doubt.Unavailable, exception.Message);
        }
    }

    private void Take(Unit unit, Finding finding)
    {
        if (finding is Finding.Settled settled)
            Settle(unit, settled.Judged);
        else if (finding is Finding.Open open)
            _open[unit] = open.Nearest;
    }

    private void Settle(Unit unit, PartVerdict judged)
    {
        _open.Remove(unit);
        _settled.Add(unit, judged);
    }

    private void SettleAll(Doubt reason, string detail)
    {
        foreach (var (unit, judged) in _open.ToList())
            Settle(unit, judged with { Verdict = new Verdict.Undetermined(reason, detail) });
    }

    /// <summary>Settles what stays open with its reason, and keeps the differences with it.</summary>
    private void StayOpen(Doubt reason)
    {
        foreach (var (unit, judged) in _open.ToList())
            Settle(
                unit,
                judged with
                {
                    Verdict = new Verdict.Undetermined(reason, ((Verdict.Undetermined)judged.Verdict).Detail),
                }
            );
    }

    internal static Doubt DoubtOf(UndeterminedReason reason) =>
        reason switch
        {
            UndeterminedReason.WatermarkLate => Doubt.WatermarkLate,
            UndeterminedReason.BeforeHistory => Doubt.BeforeHistory,
            UndeterminedReason.CatalogueMoved => Doubt.CatalogueMoved,
            UndeterminedReason.NotServed => Doubt.NotServed,
            UndeterminedReason.EpochChanged => Doubt.EpochChanged,
            UndeterminedReason.TooManyMoments => Doubt.TooManyMoments,
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason."),
        };

    /// <summary>An answer, and where its bracket begins.</summary>
    private sealed record Asked(LegacyAnswer Answer, SourceSnapshot Before, SplitAnswer Pieces);
}
