using Npgsql;
using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// Explains why a key has its document: its rows at a position, and for each row f's result if its last change hadn't
/// happened.
/// </summary>
internal sealed class DocumentExplainer(NpgsqlDataSource store, IChangeLog log, MomentWorkers workers)
{
    private const int MaxVersions = 20_000;
    private const int MaxChanges = 1_000;
    private const string Later =
        "Ask again with a later position; 'Projections:HistoryRetention' says how long history is kept.";

    public async Task<Explained> ExplainAsync(
        ExplainQuestion question,
        ServedProjections served,
        BoundProjection projection,
        CancellationToken cancellationToken
    )
    {
        var position = question.Position;
        if (!position.IsEnd)
            return new Explained.Refused(
                $"'{position}' is not the end of a transaction.",
                "Give a position such as '1:16/B374D848:end'."
            );
        BracketRows? rows;
        await using (var session = await StoreSession.BeginAsync(store, repeatable: true, cancellationToken))
        {
            var (status, _) = await StoreSnapshot.ReadAsync(session, served.Source, projection, [], cancellationToken);
            if (ProjectionStatus.NotServed(status, question.Projection, projection.Build, served.Fence) is { } problem)
                return new Explained.Refused(problem, "Try again when the projection is served.");
            if (position > status!.Applied)
                return new Explained.Refused(
                    $"The projections have applied the source only through {status.Applied}, not through {position}.",
                    "Wait until they have passed the position."
                );
            if (position < status.Kept)
                return BeforeHistory(position, status.Kept);
            rows = await BracketWalk.WalkAsync(
                projection,
                [question.Key],
                new PastReader(session, position),
                MaxVersions,
                cancellationToken
            );
        }
        if (rows is null)
            return new Explained.Refused(
                $"The key '{question.Key}' reaches more than {MaxVersions} versions of rows.",
                "A table that belongs to every key is too large to be explained."
            );
        if (await ProjectionStatus.KeptAsync(store, served.Source, cancellationToken) is { } kept && position < kept)
            return BeforeHistory(position, kept);

        var actual = await GatherAsync(null, null);
        var changes =
            new List<(TableUse Use, BracketVersion? Before, BracketVersion? After, Position At, KeyRows Without)>();
        foreach (
            var (use, pk, before, after, at) in LastChanges(projection, question.Key, rows, position)
                .OrderByDescending(change => change.At)
                .ThenBy(change => change.Use.Index)
                .ThenBy(change => change.Pk, StringComparer.Ordinal)
        )
        {
            if (changes.Count >= Math.Clamp(question.MaxChanges, 0, MaxChanges))
                break;
            var without = await GatherAsync((use.Index, pk), before);
            // A row that is reached neither with its change nor without it doesn't matter for this key.
            if (!KeyHistory.AreSame(actual, without))
                changes.Add((use, before, after, at, without));
        }
        var runs = await workers.RunAsync(
            projection,
            [actual, .. changes.Select(change => change.Without)],
            question.Clock,
            question.Clock,
            new Dictionary<string, Made>(),
            cancellationToken
        );
        var made = runs.Select(run => run is [var first, ..] ? first.Made : ClockRuns.Threw("f was not run.")).ToList();
        var times = await TimesAsync(
            served.Source,
            [.. changes.Select(change => change.At).Distinct()],
            cancellationToken
        );
        return new Explained.Known(
            made[0],
            [
                .. projection.Tables.SelectMany(use =>
                    actual
                        .Tables[use.Index]
                        .Select(row => new ExplainedRow(
                            use.Mirror.ToString(),
                            row.Version.Pk,
                            row.Version.Row!,
                            row.Version.From
                        ))
                ),
            ],
            [
                .. changes.Select(
                    (change, index) =>
                        new ExplainedChange(
                            change.Use.Mirror.ToString(),
                            (change.After ?? change.Before)!.Version.Pk,
                            change.Before?.Version.Row,
                            change.After?.Version.Row,
                            change.At,
                            times.GetValueOrDefault(change.At),
                            made[index + 1]
                        )
                ),
            ]
        );

        async Task<KeyRows> GatherAsync((int Table, string Pk)? changed, BracketVersion? instead) =>
            (
                await RowGatherer.GatherAsync(
                    projection,
                    [question.Key],
                    new MomentMirror(
                        rows,
                        table => KeyHistory.IndexOf(projection, table),
                        (table, version) =>
                            (table, version.Version.Pk) == changed
                                ? ReferenceEquals(version, instead)
                                : version.HoldsAt(position)
                    ),
                    CancellationToken.None
                )
            )[0];
    }

    private static IEnumerable<(
        TableUse Use,
        string Pk,
        BracketVersion? Before,
        BracketVersion? After,
        Position At
    )> LastChanges(BoundProjection projection, string key, BracketRows rows, Position position)
    {
        foreach (var use in projection.Tables)
        {
            var versions = rows.Tables[use.Index].ToLookup(version => version.Version.Pk, StringComparer.Ordinal);
            var reached = use.Model.Everywhere ? rows.Tables[use.Index] : rows.Reached[key][use.Index];
            foreach (var pk in reached.Select(version => version.Version.Pk).Distinct(StringComparer.Ordinal))
            {
                var (after, before) = (
                    versions[pk].FirstOrDefault(version => version.HoldsAt(position)),
                    versions[pk].FirstOrDefault(version => !version.HoldsAt(position))
                );
                yield return (use, pk, before, after, after?.Version.From ?? before!.To!.Value);
            }
        }
    }

    /// <summary>The source's clock at commits that the log still holds.</summary>
    private async Task<Dictionary<Position, DateTimeOffset?>> TimesAsync(
        string source,
        IReadOnlyList<Position> positions,
        CancellationToken cancellationToken
    )
    {
        var times = new Dictionary<Position, DateTimeOffset?>();
        foreach (var position in positions)
        {
            var read = await log.ReadAsync(
                source,
                Position.EndOf(position.Epoch, position.Commit.JustBefore),
                new LogReadLimit(8, 1 << 20),
                cancellationToken
            );
            times[position] = read is LogRead<LogPage>.Found(var page)
                ? page
                    .Records.Where(record => record.Position.Commit == position.Commit)
                    .Select(ChangeReader.CommittedAt)
                    .FirstOrDefault(time => time is not null)
                : null; // retention has dropped it, which is no reason to refuse the rest
        }
        return times;
    }

    private static Explained.Refused BeforeHistory(Position position, Position kept) =>
        new($"History is kept from {kept} on; the state at {position} is no longer known.", Later);
}
