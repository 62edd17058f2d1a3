using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Mirror;

/// <summary>
/// Deletes, one chunk per transaction, records that only say that something doesn't exist: tombstones of the mirror and
/// documents of absent keys, once they are older than the kept history. It scans along the primary keys, because an
/// index for it would make every update of these tables more expensive. Deleting is safe. A tombstone is read only to
/// tell that a repeated change is older than the delete. But a repeated change either comes after the checkpoint or is
/// skipped (<see cref="Sources.PageOrder"/>), and every tombstone is at or before the checkpoint. If a person sets the
/// checkpoint back, the delete itself is repeated after the insert, and a past before the kept history, which alone
/// would see the row twice, is refused anyway. A key without a document is absent, as is a key with an absent document.
/// </summary>
internal sealed class Sweep(IReadOnlyList<MirrorTable> tables)
{
    private const int Chunk = 5_000;
    private readonly Queue<(MirrorTable? Table, int Build)> _left = new();
    private string _after = "";

    /// <summary>Starts over, after history was dropped.</summary>
    public void Begin(IEnumerable<int> builds)
    {
        _left.Clear();
        _after = "";
        foreach (var table in tables)
            _left.Enqueue((table, 0));
        foreach (var build in builds)
            _left.Enqueue((null, build));
    }

    public bool IsUnderWay => _left.Count > 0;

    /// <summary>Sweeps the next chunk.</summary>
    public async Task NextAsync(StoreSession session, string source, CancellationToken cancellationToken)
    {
        if (!_left.TryPeek(out var next))
            return;
        var last = next.Table is { } table
            ? await session.ScalarAsync<string>(
                $"""
                with chunk as (
                    select m.pk, m.row is null and (m.epoch, m.commit) <= (c.kept_epoch, c.kept_commit) as old
                    from (
                        select * from {table.Current} where pk > $2 order by pk limit {Chunk}
                    ) m, projections.checkpoint c
                    where c.source = $1
                ), gone as (
                    delete from {table.Current} m using chunk where m.pk = chunk.pk and chunk.old
                )
                select max(pk) from chunk
                """,
                [source, _after],
                cancellationToken
            )
            : await session.ScalarAsync<string>(
                $"""
                with chunk as (
                    select d.key,
                        d.bytes is null and d.ask_legacy is null and d.recompute_at is null
                            and (d.touched_epoch, d.touched_commit) <= (c.kept_epoch, c.kept_commit) as old
                    from (
                        select * from projections.document where build = $3 and key > $2 order by key limit {Chunk}
                    ) d, projections.checkpoint c
                    where c.source = $1
                ), gone as (
                    delete from projections.document d using chunk
                    where d.build = $3 and d.key = chunk.key and chunk.old
                        and not exists (select from projections.dirty w where w.build = $3 and w.key = d.key)
                        and not exists (select from projections.quarantine q where q.build = $3 and q.key = d.key)
                )
                select max(key) from chunk
                """,
                [source, _after, next.Build],
                cancellationToken
            );
        _after = last ?? "";
        if (last is null)
            _left.Dequeue();
    }
}
