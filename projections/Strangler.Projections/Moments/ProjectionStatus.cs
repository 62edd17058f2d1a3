using System.Data;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>
/// The state of a projection in the store at one instant, as far as it decides whether a bracket can be answered.
/// </summary>
/// <param name="Applied">The checkpoint.</param>
/// <param name="Fence">The number of the applier that may move it.</param>
/// <param name="Kept">The oldest position at which the past can be read.</param>
/// <param name="EpochAt">The source's clock when the epoch's first batch had been applied.</param>
/// <param name="Build">The build that isn't old; null if none exists.</param>
/// <param name="Version">Its version.</param>
/// <param name="Live">Whether the build takes part.</param>
/// <param name="InDoubt">A table in doubt that it reads; null if none is.</param>
/// <param name="Settled">The table that it reads whose last doubt or complete reading is the latest.</param>
internal sealed record ProjectionStatus(
    Position Applied,
    long Fence,
    Position Kept,
    DateTimeOffset EpochAt,
    int? Build,
    string? Version,
    bool Live,
    string? InDoubt,
    (string Table, Position? At)? Settled
)
{
    /// <summary>The query; it returns no row if nothing of the source has been applied.</summary>
    public static Statement Select(string source, string projection) =>
        new(
            """
            select c.epoch, c.commit, c.ordinal, c.fence,
                coalesce(c.kept_epoch, 0) as kept_epoch, coalesce(c.kept_commit, '0/0') as kept_commit,
                coalesce(c.epoch_at, c.at) as epoch_at,
                b.id as build, b.version, b.state,
                (
                    select concat_ws(' ', t.schema || '.' || t.name || ' is in doubt, and is read again.', t.doubt)
                    from projections.reads r
                    join projections.source_table t on t.id = r.source_table
                    where r.build = b.id and t.in_doubt
                    limit 1
                ) as in_doubt,
                s.name as settled, s.settled_epoch, s.settled_commit
            from projections.checkpoint c
            left join projections.build b on b.source = c.source and b.projection = $2 and b.state <> 'old'
            left join lateral (
                select t.schema || '.' || t.name as name, t.settled_epoch, t.settled_commit
                from projections.reads r
                join projections.source_table t on t.id = r.source_table
                where r.build = b.id
                order by t.settled_epoch desc nulls first, t.settled_commit desc nulls first
                limit 1
            ) s on true
            where c.source = $1 and c.at is not null
            """,
            [source, projection]
        );

    /// <summary>Reads the query's row.</summary>
    public static ProjectionStatus Read(NpgsqlDataReader row) =>
        new(
            PositionColumns.Of(row).Read(row),
            row.GetInt64("fence"),
            EndColumns.Of(row, "kept_").Read(row),
            row.GetFieldValue<DateTimeOffset>("epoch_at"),
            row.ValueOrNull<int>("build"),
            row.TextOrNull("version"),
            row.TextOrNull("state") == "live",
            row.TextOrNull("in_doubt"),
            row.TextOrNull("settled") is { } table ? (table, EndColumns.Of(row, "settled_").ReadOrNull(row)) : null
        );

    /// <summary>
    /// The oldest position at which the past can be read now; null if nothing has been dropped or it is unknown.
    /// </summary>
    public static async Task<Position?> KeptAsync(
        NpgsqlDataSource store,
        string source,
        CancellationToken cancellationToken
    )
    {
        await using var command = store.CreateCommand(
            "select kept_epoch, kept_commit from projections.checkpoint where source = $1 and kept_epoch is not null"
        );
        command.Parameters.AddWithValue(source);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? EndColumns.Of(row, "kept_").Read(row) : null;
    }

    /// <summary>Why the projection can't be asked at all; null if it can.</summary>
    public static string? NotServed(ProjectionStatus? status, ProjectionId projection, int build, long fence) =>
        status switch
        {
            null => "Nothing of the source has been applied yet.",
            { Fence: var now } when now != fence => "Another applier has taken over this source's projections.",
            { Build: null } => $"The projection '{projection.Name}' has no build.",
            { Version: var version } when version != projection.Version =>
                $"The projection '{projection.Name}' is built in version {version}.",
            { Live: false } => $"The projection '{projection.Name}' has stopped.",
            { Build: var now } when now != build => $"The projection '{projection.Name}' is being built again.",
            _ => null,
        };

    /// <summary>Why the bracket can't be answered; null if it can.</summary>
    public BracketFound.Undetermined? Refusal(Bracket bracket, DateTimeOffset clockFrom)
    {
        if (Applied.Epoch != bracket.Epoch)
            return new(
                UndeterminedReason.EpochChanged,
                $"The source's epoch is {Applied.Epoch} now; the bracket was of {bracket.Epoch}."
            );
        if (clockFrom < EpochAt)
            return new(
                UndeterminedReason.EpochChanged,
                $"The source's epoch {Applied.Epoch} began at {EpochAt:O}, after the bracket did."
            );
        if (bracket.Before < Kept)
            return new(
                UndeterminedReason.BeforeHistory,
                $"The bracket begins at {bracket.Start}; history is kept from {Kept} on."
            );
        if (InDoubt is { } table)
            return new(UndeterminedReason.CatalogueMoved, $"The table {table}");
        if (Settled is var (settled, at) && !(at < bracket.Start))
            return new(
                UndeterminedReason.CatalogueMoved,
                $"The table {settled} was in doubt or read again at {at?.ToString() ?? "an unknown position"}; the "
                    + $"bracket begins at {bracket.Start}."
            );
        return null;
    }
}
