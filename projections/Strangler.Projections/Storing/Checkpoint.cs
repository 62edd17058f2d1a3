using System.Data;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Projections.Storing;

/// <summary>The checkpoint of a source: how far everything has been applied, and which applier may move it.</summary>
/// <param name="Position">
/// The position through which everything is applied; <see cref="Position.Start"/> before the first batch.
/// </param>
/// <param name="At">The source's clock there; null before the first batch.</param>
/// <param name="Fence">The number of the applier that holds it.</param>
internal sealed record Checkpoint(string Source, Position Position, DateTimeOffset? At, long Fence)
{
    /// <summary>Takes over the checkpoint, which fences its previous holder.</summary>
    public static async Task<Checkpoint> TakeAsync(
        StoreSession session,
        string source,
        CancellationToken cancellationToken
    )
    {
        await foreach (
            var row in session.QueryAsync(
                """
                insert into projections.checkpoint as c (source, epoch, commit, ordinal, fence)
                values ($1, 0, '0/0', 0, 1)
                on conflict (source) do update set fence = c.fence + 1
                returning epoch, commit, ordinal, at, fence
                """,
                [source],
                cancellationToken
            )
        )
        {
            return new Checkpoint(
                source,
                PositionColumns.Of(row).Read(row),
                row.ValueOrNull<DateTimeOffset>("at"),
                row.GetInt64("fence")
            );
        }
        throw new InvalidOperationException("The checkpoint returned no row.");
    }

    /// <summary>
    /// Moves it by compare-and-set, which also locks it until the transaction ends. This is the first statement of
    /// every transaction that writes, even if the position stays the same.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="to">The new position.</param>
    /// <param name="at">The source's clock there.</param>
    /// <param name="clock">
    /// The projections' current clock, stored as its offset from the store's; null keeps the stored offset.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FaultException">Another applier holds it.</exception>
    public async Task<Checkpoint> MoveAsync(
        StoreSession session,
        Position to,
        DateTimeOffset? at,
        DateTimeOffset? clock,
        CancellationToken cancellationToken
    )
    {
        var moved = await session.ExecuteAsync(
            """
            update projections.checkpoint set
                epoch = $6, commit = $7, ordinal = $8, at = $9::timestamptz,
                epoch_at = case when epoch = $6 and at is not null then epoch_at else $9::timestamptz end,
                clock_ahead = coalesce(
                    extract(epoch from $10::timestamptz - clock_timestamp())::double precision,
                    clock_ahead
                )
            where source = $1 and fence = $2 and epoch = $3 and commit = $4 and ordinal = $5
            """,
            [
                Source,
                Fence,
                Position.Epoch,
                Position.Commit.Sql(),
                Position.Ordinal,
                to.Epoch,
                to.Commit.Sql(),
                to.Ordinal,
                at?.ToUniversalTime(),
                clock?.ToUniversalTime(),
            ],
            cancellationToken
        );
        if (moved != 1)
        {
            throw new FaultException(
                new Fault(
                    $"Source '{Source}'",
                    "Another applier has taken over this source's projections.",
                    "Run one 'strangler projections' for a source; end the other, or this one."
                )
            );
        }
        return this with { Position = to, At = at };
    }

    /// <summary>Locks it without moving it.</summary>
    /// <exception cref="FaultException">Another applier holds it.</exception>
    public Task HoldAsync(StoreSession session, CancellationToken cancellationToken) =>
        MoveAsync(session, Position, At, null, cancellationToken);
}
