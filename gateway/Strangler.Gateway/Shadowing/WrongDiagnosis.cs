using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Confirms wrong verdicts on a pair of answers, and finds their causes. If a stored document differs from f on the
/// mirror, it is the engine. If the answer equals f at another time that is still kept, it is behind or ahead.
/// Otherwise it is f, unless the form of the request explains it. Both questions cover all keys, and are asked once.
/// </summary>
/// <param name="question">The question about the bracket around the pair.</param>
/// <param name="generation">The generation of the look that ended the bracket.</param>
/// <param name="end">Where the bracket ended.</param>
/// <param name="second">The second answer of the pair.</param>
/// <param name="judging">What judged it.</param>
/// <param name="brackets">The moments of the request's keys.</param>
/// <param name="looks">The source.</param>
/// <param name="findForm">What of the request's form explains it, as a sentence; null: nothing.</param>
internal sealed class WrongDiagnosis(
    BracketQuestion question,
    int generation,
    Position end,
    SplitAnswer second,
    VerdictEvaluator judging,
    BracketEvaluator brackets,
    ISourceLooks looks,
    Func<Unit, CancellationToken, ValueTask<string?>> findForm
)
{
    private (bool Asked, BracketCandidates? Found) _stored;
    private (bool Asked, BracketCandidates? Found) _kept;

    public async ValueTask<PartVerdict> OfAsync(Unit unit, PartVerdict judged, CancellationToken cancellationToken)
    {
        // A crash after the last look may have lost commits that legacy had read before they were flushed, and other
        // commits may now have their positions. Projections see only flushed commits: if the connection is still alive
        // when they have passed the bracket, nothing in the bracket was lost.
        if (await looks.LookAsync(cancellationToken) is not { } still || still.Generation != generation)
            return judged with { Verdict = new Verdict.Undetermined(Doubt.PollBroken, "") };
        var wrong = (Verdict.Wrong)judged.Verdict with { Cause = await CauseAsync(unit, cancellationToken) };
        if (wrong.Cause is WrongCause.Projection && await findForm(unit, cancellationToken) is { } form)
            wrong = wrong with { Cause = WrongCause.Request, Form = form };
        return judged with { Verdict = wrong };
    }

    private async ValueTask<WrongCause> CauseAsync(Unit unit, CancellationToken cancellationToken)
    {
        if (!_stored.Asked)
            _stored = (true, await EvaluateAsync(question with { Diagnose = true }, cancellationToken));
        if (_stored.Found is { } stored && stored.Unlike(unit).Any())
            return WrongCause.Engine;
        if (!_kept.Asked)
            _kept = (true, await KeptAsync(cancellationToken));
        if (_kept.Found is not { } all || await judging.EqualAtAsync(unit, second, all) is not { } at)
            return WrongCause.Projection;
        return at >= end ? WrongCause.Ahead : WrongCause.Behind;
    }

    /// <summary>Everything that is still kept; null if nothing can be found out about it.</summary>
    private async ValueTask<BracketCandidates?> KeptAsync(CancellationToken cancellationToken) =>
        looks.Kept() is { } kept
            ? await EvaluateAsync(
                question with
                {
                    Before = kept.Oldest.Look,
                    After = kept.Newest.Look.End,
                },
                cancellationToken
            )
            : null;

    private async ValueTask<BracketCandidates?> EvaluateAsync(
        BracketQuestion asked,
        CancellationToken cancellationToken
    ) => (await brackets.EvaluateAsync(asked, cancellationToken)).Bracket;
}
