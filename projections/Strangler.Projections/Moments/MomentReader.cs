using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>Reads the rows of keys as of a past position, all at one instant of the store.</summary>
internal sealed class MomentReader(NpgsqlDataSource store, string source)
{
    /// <param name="projection">The projection whose paths are walked.</param>
    /// <param name="keys">Keys in canonical text.</param>
    /// <param name="position">
    /// The end of a transaction that has been applied, not before the oldest kept history.
    /// </param>
    /// <exception cref="FaultException">
    /// The position isn't applied yet, or its versions are no longer kept: unknown rows must never count as absent.
    /// </exception>
    public async Task<IReadOnlyList<KeyRows>> RowsAsOfAsync(
        BoundProjection projection,
        IReadOnlyList<string> keys,
        Position position,
        CancellationToken cancellationToken
    )
    {
        await using var session = await StoreSession.BeginAsync(store, repeatable: true, cancellationToken);
        if (await FaultAsync(session, position, cancellationToken) is { } fault)
            throw new FaultException(fault);
        return await RowGatherer.GatherAsync(projection, keys, new PastMirror(session, position), cancellationToken);
    }

    private async Task<Fault?> FaultAsync(StoreSession session, Position position, CancellationToken cancellationToken)
    {
        await foreach (
            var row in session.QueryAsync(
                """
                select epoch, commit, ordinal,
                    coalesce(kept_epoch, 0) as kept_epoch, coalesce(kept_commit, '0/0') as kept_commit
                from projections.checkpoint
                where source = $1 and at is not null
                """,
                [source],
                cancellationToken
            )
        )
        {
            var applied = PositionColumns.Of(row).Read(row);
            var kept = EndColumns.Of(row, "kept_").Read(row);
            if (position > applied)
                return new Fault(
                    $"Position {position}",
                    $"The projections have applied the source '{source}' only through {applied}.",
                    "Wait until they have passed the position."
                );
            if (position < kept)
                return new Fault(
                    $"Position {position}",
                    $"The history of the source '{source}' is kept from {kept} on; "
                        + "earlier states are no longer known.",
                    "Ask for a later position, or keep history for longer with Projections:HistoryRetention."
                );
            return null;
        }
        return new Fault(
            $"Position {position}",
            $"Nothing of the source '{source}' has been applied yet.",
            "Wait until its first snapshot has been applied."
        );
    }
}
