using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Finds out whether the form of a request explains why its answers differ: legacy understands of it what the route
/// doesn't say. 1. Legacy's answer is what the lookup makes of another spelling. 2. Without headers that the route
/// doesn't declare, legacy answers as the lookup does; as few of them as suffice are named. What isn't shown by equal
/// answers isn't claimed.
/// </summary>
/// <param name="options">How the route is compared.</param>
/// <param name="responder">The projection's part that runs here.</param>
/// <param name="request">The request as Respond sees it.</param>
/// <param name="evaluatorOf">Judges answers to another request.</param>
/// <param name="moments">The documents.</param>
/// <param name="looks">The source.</param>
/// <param name="legacy">Permission to ask legacy again.</param>
/// <param name="headers">Asks it.</param>
internal sealed class FormDiagnosis(
    ShadowModel options,
    IResponder responder,
    AnswerRequest request,
    Func<AnswerRequest, VerdictEvaluator> evaluatorOf,
    IMoments moments,
    ISourceLooks looks,
    ILegacyReplay legacy,
    IHeaderProbe headers
)
{
    private const int MaxAsks = 8;
    private const int MaxNamed = 10;

    private readonly Dictionary<string, (SplitAnswer Pieces, BracketCandidates Bracket)?> _asked = new(
        StringComparer.Ordinal
    );
    private int _asksLeft = MaxAsks;

    /// <param name="unit">What is wrong.</param>
    /// <param name="first">The first of the two answers that show it.</param>
    /// <param name="second">The second.</param>
    /// <param name="question">The question about the bracket around both.</param>
    /// <param name="evaluator">What judged them.</param>
    /// <param name="brackets">The moments of the request's keys.</param>
    /// <returns>A sentence. Null: the form doesn't explain it, as far as that can be found out.</returns>
    public async ValueTask<string?> FindAsync(
        Unit unit,
        AskedAnswer first,
        AskedAnswer second,
        BracketQuestion question,
        VerdictEvaluator evaluator,
        BracketEvaluator brackets,
        CancellationToken cancellationToken
    )
    {
        return await SpellingAsync() ?? await HeadersAsync();

        async ValueTask<string?> SpellingAsync() // 1.
        {
            // errors are alike for many requests
            if (unit is not Unit.Whole { Single: { } key } || second.Pieces.Whole.Status is < 200 or > 299)
                return null;
            foreach (var other in RequestSpellings.Of(key, request, responder))
            {
                var (bracket, _, _) = await new BracketEvaluator(
                    options,
                    responder.Projection,
                    [other.Key],
                    moments,
                    looks
                ).EvaluateAsync(question with { Keys = [other.Key] }, cancellationToken);
                var whole = new Unit.Whole(other.Key);
                if (
                    bracket is not null
                    && bracket.Quiet(whole)
                    && bracket.First.Existing(whole).Count > 0
                    && await evaluatorOf(other.Request).EqualAtAsync(whole, second.Pieces, bracket) is not null
                )
                    return $"Legacy takes {other.Written} for {other.Taken}.";
            }
            return null;
        }

        async ValueTask<string?> HeadersAsync() // 2.
        {
            var unknown = headers.Unknown;
            var ordinary = unknown.Where(name => CredentialHeaders.Find(name) is null).ToList();
            foreach (var some in new[] { ordinary, unknown }.Where(some => some.Count > 0))
            {
                if (await IsAlikeWithoutAsync(some))
                    return Sentence(await FewestAsync(some));
            }
            return null;
        }

        async ValueTask<IReadOnlyList<string>> FewestAsync(IReadOnlyList<string> proven)
        {
            while (proven.Count > 1)
            {
                var (one, other) = (proven.Take(proven.Count / 2).ToList(), proven.Skip(proven.Count / 2).ToList());
                if (await IsAlikeWithoutAsync(one))
                    proven = one;
                else if (await IsAlikeWithoutAsync(other))
                    proven = other;
                else
                    break;
            }
            return proven;
        }

        async ValueTask<bool> IsAlikeWithoutAsync(IReadOnlyList<string> names)
        {
            var name = string.Join('\n', names);
            if (!_asked.TryGetValue(name, out var asked))
                _asked[name] = asked = await AskAsync(names);
            return asked is (var pieces, var bracket)
                && bracket.Quiet(unit)
                && await evaluator.EqualAtAsync(unit, pieces, bracket) is not null;
        }

        async ValueTask<(SplitAnswer Pieces, BracketCandidates Bracket)?> AskAsync(IReadOnlyList<string> names)
        {
            if (_asksLeft-- <= 0 || !await legacy.MayAskAsync(cancellationToken))
                return null;
            var answered = await headers.AskWithoutAsync(names, cancellationToken);
            if (answered.Answer is not { } answer)
                return null;
            var asked = new AskedAnswer(answered, second.Before, await evaluator.TakeAsync(answer));
            var after = await looks.LookAsync(cancellationToken);
            var (bracket, _, _) = await brackets.EvaluateAsync(first, asked, after, cancellationToken);
            return bracket is null ? null : (asked.Pieces, bracket);
        }
    }

    private static string Sentence(IReadOnlyList<string> names)
    {
        var shown = string.Join(", ", names.Take(MaxNamed).Select(name => $"'{name}'"));
        var more = names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "";
        return names.Count == 1
            ? $"Without the request header {shown}, which the route doesn't declare, legacy answers as the lookup does."
            : $"Without the request headers {shown}{more}, which the route doesn't declare, legacy answers as the "
                + "lookup does.";
    }
}
