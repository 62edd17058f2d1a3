using System.Data;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>The state of a key in the store.</summary>
/// <param name="Exists">Whether it was ever computed.</param>
/// <param name="Bytes">The document; null if absent.</param>
/// <param name="Touched">
/// The last commit that mapped to it, whether it has been computed since or still waits; null if none ever did.
/// </param>
/// <param name="Dirty">Whether it waits to be computed.</param>
/// <param name="Error">Why it is quarantined; null if it isn't.</param>
/// <param name="Overrun">Whether f didn't return for it, so that f isn't run again.</param>
/// <param name="ComputedFor">The time that f received.</param>
/// <param name="RecomputeAt">When the stored answer changes by itself.</param>
internal sealed record StoredMoment(
    string Key,
    bool Exists,
    byte[]? Bytes,
    Position? Touched,
    bool Dirty,
    string? Error,
    bool Overrun,
    DateTimeOffset ComputedFor,
    DateTimeOffset? RecomputeAt
)
{
    /// <summary>Why f says that legacy must be asked; null: it knows the answer.</summary>
    public string? LegacyReason { get; init; }

    public Made Made =>
        LegacyReason is { } reason ? new Made.AskLegacy(reason)
        : Bytes is { } bytes ? new Made.Document(bytes)
        : Made.Absent.Value;

    /// <summary>
    /// Whether the stored answer would be served, and belongs to the state before <paramref name="bracket"/> throughout
    /// it.
    /// </summary>
    public bool HoldsThrough(Bracket bracket) => Exists && !Dirty && Error is null && Touched < bracket.Start;

    /// <summary>Whether the document is valid for all of the clocks.</summary>
    public bool Covers(DateTimeOffset from, DateTimeOffset to) => ComputedFor <= from && !(RecomputeAt <= to);

    /// <summary>
    /// The query for one key; its plan is cached, whereas one for an array of keys would be made each time.
    /// </summary>
    public static Statement Select(int build, string key) =>
        new(
            """
            select $2::text as key, d.key is not null as exists, d.bytes, d.ask_legacy, d.touched_epoch,
                d.touched_commit,
                w.touched_epoch as dirty_epoch, w.touched_commit as dirty_commit,
                q.error, coalesce(q.overrun, false) as overrun, d.computed_for, d.recompute_at
            from (select) one
            left join lateral (
                select * from projections.document where build = $1 and key = $2::text collate "C" limit 1
            ) d on true
            left join lateral (
                select * from projections.dirty where build = $1 and key = $2::text collate "C" limit 1
            ) w on true
            left join lateral (
                select * from projections.quarantine where build = $1 and key = $2::text collate "C" limit 1
            ) q on true
            """,
            [build, key]
        );

    /// <summary>Reads the query's row.</summary>
    public static StoredMoment Read(NpgsqlDataReader row)
    {
        var touched = EndColumns.Of(row, "touched_").ReadOrNull(row);
        var waits = EndColumns.Of(row, "dirty_").ReadOrNull(row);
        return new StoredMoment(
            row.GetString("key"),
            row.GetBoolean("exists"),
            row.BytesOrNull("bytes"),
            waits > touched || touched is null ? waits : touched,
            waits is not null,
            row.TextOrNull("error"),
            row.GetBoolean("overrun"),
            row.ValueOrNull<DateTimeOffset>("computed_for") ?? default,
            row.ValueOrNull<DateTimeOffset>("recompute_at")
        )
        {
            LegacyReason = row.TextOrNull("ask_legacy"),
        };
    }
}
