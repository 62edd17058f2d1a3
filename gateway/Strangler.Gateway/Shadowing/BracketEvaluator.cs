using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Asks the projections for the moments of brackets, for all keys of a request.</summary>
internal sealed class BracketEvaluator(
    ShadowModel options,
    ProjectionId projection,
    IReadOnlyList<string> keys,
    IMoments moments,
    ISourceLooks looks
)
{
    public const string NotSeen = "The source is not seen.";
    private const string Unverified = "The log has not been compared with the source since its server started.";

    private readonly IReadOnlyList<string> _distinct = [.. keys.Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The bracket from the beginning of one answer to the end of another. Null, with the reason, if nothing is known
    /// about it.
    /// </summary>
    public async ValueTask<(BracketCandidates? Bracket, Doubt Reason, string Detail)> EvaluateAsync(
        AskedAnswer first,
        AskedAnswer last,
        TakenLook? after,
        CancellationToken cancellationToken
    )
    {
        if (after is null)
            return (null, Doubt.Unavailable, NotSeen);
        if (first.Before.Generation != after.Generation)
            return (null, Doubt.PollBroken, "");
        if (!looks.IsVerified(after))
            return (null, Doubt.Unavailable, Unverified); // stored rows may belong to another history
        return await EvaluateAsync(Question(first, last, after), cancellationToken);
    }

    public async ValueTask<(BracketCandidates? Bracket, Doubt Reason, string Detail)> EvaluateAsync(
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

    public BracketQuestion Question(AskedAnswer first, AskedAnswer last, TakenLook after) =>
        new(
            projection,
            _distinct,
            first.Before.Look,
            after.Look.End,
            first.Answer.BeganAt - options.LegacyStaleness - options.ClockSkew,
            last.Answer.EndedAt + options.ClockSkew,
            options.Wait
        );

    private static Doubt DoubtOf(UndeterminedReason reason) =>
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
}
