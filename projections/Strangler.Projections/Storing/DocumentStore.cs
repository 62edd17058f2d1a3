using System.Security.Cryptography;
using System.Text;
using Strangler.ChangeLog;

namespace Strangler.Projections.Storing;

/// <summary>Writes documents: the whole document if it differs, and otherwise only its metadata.</summary>
internal sealed class DocumentStore(StoreSession session)
{
    /// <summary>The hash of an absent key, which differs from any document's.</summary>
    private static readonly byte[] AbsentHash = [];

    /// <summary>Begins the hash of a reason to ask legacy, which is longer than any document's.</summary>
    private const byte AskLegacy = 1;

    /// <param name="made">f's results, each key once.</param>
    /// <param name="touched">
    /// The last commit that mapped to a key; a key without one was computed for another reason and keeps the stored
    /// commit.
    /// </param>
    /// <param name="now">The time that f received.</param>
    /// <returns>How many documents differed.</returns>
    public async Task<int> WriteAsync(
        int build,
        IReadOnlyList<KeyOutcome.Made> made,
        IReadOnlyDictionary<string, Position> touched,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (made.Count == 0)
            return 0;
        var stored = new Dictionary<string, (byte[] Hash, Position Touched)>(StringComparer.Ordinal);
        (TouchedKeyColumns Key, int Hash)? columns = null;
        await foreach (
            var row in session.QueryAsync(
                "select key, hash, touched_epoch, touched_commit from projections.document "
                    + "where build = $1 and key = any($2)",
                [build, made.Select(one => one.Key).ToArray()],
                cancellationToken
            )
        )
        {
            var (keys, hash) = columns ??= (TouchedKeyColumns.Of(row), row.GetOrdinal("hash"));
            var (key, commit) = keys.Read(row);
            stored.Add(key, (row.GetFieldValue<byte[]>(hash), commit));
        }
        var differ = new List<Row>();
        var same = new List<Row>();
        foreach (var one in made)
        {
            var hash = Hash(one);
            var before = stored.TryGetValue(one.Key, out var found) ? found : default;
            var commit = touched.GetValueOrDefault(one.Key, before.Touched);
            var row = new Row(one, hash, commit < before.Touched ? before.Touched : commit);
            if (before.Hash is not null && before.Hash.AsSpan().SequenceEqual(hash))
                same.Add(row);
            else
                differ.Add(row);
        }
        if (differ.Count > 0)
        {
            await session.ExecuteAsync(
                """
                insert into projections.document
                    (build, key, bytes, hash, ask_legacy, touched_epoch, touched_commit, recompute_at, computed_for)
                select $1, v.*, $2
                from unnest(
                    $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::int[], $8::text[]::pg_lsn[],
                    $9::timestamptz[]
                ) as v
                on conflict (build, key) do update set
                    bytes = excluded.bytes, hash = excluded.hash, ask_legacy = excluded.ask_legacy,
                    touched_epoch = excluded.touched_epoch, touched_commit = excluded.touched_commit,
                    recompute_at = excluded.recompute_at, computed_for = excluded.computed_for
                """,
                Values(build, now, differ, withBytes: true),
                cancellationToken
            );
        }
        if (same.Count > 0)
        {
            await session.ExecuteAsync(
                """
                update projections.document d set
                    touched_epoch = v.touched_epoch, touched_commit = v.touched_commit,
                    recompute_at = v.recompute_at, computed_for = $2
                from unnest($3::text[], $4::int[], $5::text[]::pg_lsn[], $6::timestamptz[])
                    as v (key, touched_epoch, touched_commit, recompute_at)
                where d.build = $1 and d.key = v.key
                """,
                Values(build, now, same, withBytes: false),
                cancellationToken
            );
        }
        return differ.Count;
    }

    /// <summary>
    /// Keys whose documents change by themselves at or before <paramref name="now"/>, the earliest first.
    /// </summary>
    public async Task<IReadOnlyList<(int Build, string Key)>> DueAsync(
        int[] builds,
        DateTimeOffset now,
        int count,
        CancellationToken cancellationToken
    )
    {
        var due = new List<(int, string)>();
        (int Build, int Key)? columns = null;
        await foreach (
            var row in session.QueryAsync(
                "select build, key from projections.document where recompute_at <= $1 and build = any($2) order by "
                    + "recompute_at limit $3",
                [now.ToUniversalTime(), builds, count],
                cancellationToken
            )
        )
        {
            var (build, key) = columns ??= (row.GetOrdinal("build"), row.GetOrdinal("key"));
            due.Add((row.GetInt32(build), row.GetString(key)));
        }
        return due;
    }

    public Task<DateTimeOffset?> NextDueAsync(int[] builds, CancellationToken cancellationToken) =>
        session.ScalarAsync<DateTimeOffset?>(
            "select recompute_at from projections.document where recompute_at is not null and build = any($1) order "
                + "by recompute_at limit 1",
            [builds],
            cancellationToken
        );

    private static byte[] Hash(KeyOutcome.Made made) =>
        made switch
        {
            { LegacyReason: { } reason } => [AskLegacy, .. Hash(Encoding.UTF8.GetBytes(reason))],
            { Bytes: { } bytes } => Hash(bytes),
            _ => AbsentHash,
        };

    private static byte[] Hash(byte[] bytes) => SHA256.HashData(bytes)[..16];

    private static object?[] Values(int build, DateTimeOffset now, List<Row> rows, bool withBytes)
    {
        var values = new List<object?> { build, now.ToUniversalTime(), rows.Select(row => row.Made.Key).ToArray() };
        if (withBytes)
            values.AddRange([
                rows.Select(row => row.Made.Bytes).ToArray(),
                rows.Select(row => row.Hash).ToArray(),
                rows.Select(row => row.Made.LegacyReason).ToArray(),
            ]);
        values.AddRange([
            rows.Select(row => row.Touched.Epoch).ToArray(),
            rows.Select(row => row.Touched.Commit.ToString()).ToArray(),
            rows.Select(row => row.Made.RecomputeAt?.ToUniversalTime()).ToArray(),
        ]);
        return [.. values];
    }

    private sealed record Row(KeyOutcome.Made Made, byte[] Hash, Position Touched);
}
