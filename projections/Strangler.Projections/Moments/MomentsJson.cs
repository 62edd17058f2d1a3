using System.Text.Json;

namespace Strangler.Projections.Moments;

/// <summary>
/// Questions and answers as they are sent over HTTP. Documents are base64; each case of a union has a member, and all
/// but the actual case's are null.
/// </summary>
internal static class MomentsJson
{
    public const string Evaluate = "moments/evaluate";
    public const string Explain = "moments/explain";

    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}

/// <summary>Why there is no answer.</summary>
internal sealed record WireProblem(string Problem);

internal sealed record WireUndetermined(UndeterminedReason Reason, string Detail);

internal sealed record WireMade(ReadOnlyMemory<byte>? Document, string? Threw)
{
    public static WireMade Of(Made made) =>
        made switch
        {
            Made.Document document => new(document.Bytes, null),
            Made.Threw threw => new(null, threw.Error),
            _ => new(null, null),
        };

    public Made ToMade() =>
        Document is { } bytes ? new Made.Document(bytes)
        : Threw is { } error ? new Made.Threw(error)
        : Made.Absent.Value;
}

internal sealed record WireMoment(string Position, DateTimeOffset Clock, WireMade Made);

internal sealed record WireKey(
    string Key,
    bool Quiet,
    string? Touched,
    IReadOnlyList<WireMoment> Moments,
    IReadOnlyList<WireMade> Mixes,
    WireMade? Engine,
    int Commits
)
{
    public static WireKey Of(KeyMoments key) =>
        new(
            key.Key,
            key.Quiet,
            key.Touched,
            [.. key.Moments.Select(moment => new WireMoment(moment.Position, moment.Clock, WireMade.Of(moment.Made)))],
            [.. key.Mixes.Select(WireMade.Of)],
            key.Engine is null ? null : WireMade.Of(key.Engine),
            key.Commits
        );

    public KeyMoments ToKey() =>
        new(
            Key,
            Quiet,
            Touched,
            [.. Moments.Select(moment => new KeyMoment(moment.Position, moment.Clock, moment.Made.ToMade()))],
            [.. Mixes.Select(mix => mix.ToMade())],
            Engine?.ToMade(),
            Commits
        );
}

internal sealed record WireEvaluated(string From, string To, DateTimeOffset PassedAt, IReadOnlyList<WireKey> Keys);

internal sealed record WireFound(WireUndetermined? Undetermined, WireEvaluated? Evaluated)
{
    public static WireFound Of(BracketFound found) =>
        found switch
        {
            BracketFound.Undetermined undetermined => new(
                new WireUndetermined(undetermined.Reason, undetermined.Detail),
                null
            ),
            BracketFound.Evaluated evaluated => new(
                null,
                new WireEvaluated(
                    evaluated.From,
                    evaluated.To,
                    evaluated.PassedAt,
                    [.. evaluated.Keys.Select(WireKey.Of)]
                )
            ),
            _ => throw new InvalidOperationException($"Unknown finding {found}."),
        };

    /// <summary>Null if it is neither.</summary>
    public BracketFound? ToFound() =>
        this switch
        {
            { Undetermined: { } undetermined } => new BracketFound.Undetermined(
                undetermined.Reason,
                undetermined.Detail
            ),
            { Evaluated: { } evaluated } => new BracketFound.Evaluated(
                evaluated.From,
                evaluated.To,
                evaluated.PassedAt,
                [.. evaluated.Keys.Select(key => key.ToKey())]
            ),
            _ => null,
        };
}

internal sealed record WireRefused(string Problem, string WayOut);

internal sealed record WireChange(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    string At,
    DateTimeOffset? CommittedAt,
    WireMade Without
);

internal sealed record WireKnown(WireMade Made, IReadOnlyList<ExplainedRow> Rows, IReadOnlyList<WireChange> Changes);

internal sealed record WireExplained(WireRefused? Refused, WireKnown? Known)
{
    public static WireExplained Of(Explained explained) =>
        explained switch
        {
            Explained.Refused refused => new(new WireRefused(refused.Problem, refused.WayOut), null),
            Explained.Known known => new(
                null,
                new WireKnown(
                    WireMade.Of(known.Made),
                    known.Rows,
                    [
                        .. known.Changes.Select(change => new WireChange(
                            change.Table,
                            change.PrimaryKey,
                            change.Before,
                            change.After,
                            change.At,
                            change.CommittedAt,
                            WireMade.Of(change.Without)
                        )),
                    ]
                )
            ),
            _ => throw new InvalidOperationException($"Unknown explanation {explained}."),
        };

    /// <summary>Null if it is neither.</summary>
    public Explained? ToExplained() =>
        this switch
        {
            { Refused: { } refused } => new Explained.Refused(refused.Problem, refused.WayOut),
            { Known: { } known } => new Explained.Known(
                known.Made.ToMade(),
                known.Rows,
                [
                    .. known.Changes.Select(change => new ExplainedChange(
                        change.Table,
                        change.PrimaryKey,
                        change.Before,
                        change.After,
                        change.At,
                        change.CommittedAt,
                        change.Without.ToMade()
                    )),
                ]
            ),
            _ => null,
        };
}
