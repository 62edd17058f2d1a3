using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Failpoints;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>Applies the next batch of the log: mirror, documents and checkpoint in one transaction.</summary>
internal sealed class LogStep(
    ApplierParts parts,
    OpenedStore opened,
    TableFit fit,
    KeyComputer computer,
    HistoryRetention retention
)
{
    private readonly LogPager _pages = new(parts.Log, parts.Options.Read, parts.Logger);
    private readonly Dictionary<string, MirrorTable> _byTopic = opened.Tables.ToDictionary(
        table => TopicName.Of(opened.Checkpoint.Source, table.Schema, table.Name),
        StringComparer.Ordinal
    );
    private long _progressedAt;

    /// <summary>The position through which the log has been read.</summary>
    public Position Seen { get; private set; }

    /// <exception cref="KeyOverrunException">f didn't return for a key.</exception>
    /// <exception cref="FaultException">
    /// Another applier has taken over, or the log no longer holds what comes next.
    /// </exception>
    public async Task<AppliedBatch> ApplyAsync(
        Checkpoint before,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var nothing = new AppliedBatch(before, 0, false, false);
        if (await _pages.NextAsync(before, cancellationToken) is not var (after, restarted, page))
            return nothing;
        Seen = page.Through;
        if (page.Through <= after)
            return nothing;
        if (page.Records.Count == 0 && before.At is not null)
        {
            // An idle source sends progress often; a few transactions a second are enough for the watermark, unless
            // somebody waits for it.
            if (
                parts.Time.GetElapsedTime(_progressedAt) < parts.Options.ProgressInterval
                && _progressedAt != 0
                && !(parts.Wanted.Before > before.Position.Reach)
            )
                return nothing;
            _progressedAt = parts.Time.GetTimestamp();
        }
        await retention.PrepareAsync(before, now, cancellationToken);

        await using var session = await StoreSession.BeginAsync(parts.Store, cancellationToken);
        var checkpoint = before;
        if (page.Through.IsEnd)
            checkpoint = await MoveAsync(session, before, page, cancellationToken);
        else
            await before.HoldAsync(session, cancellationToken);
        if (before.At is null || restarted)
            await BeginHistoryAsync(session, page, cancellationToken);
        var affected = new AffectedBatch(session, opened.Projections, parts.Options.KeysAtOnce);
        var mirror = new MirrorPage(session, new ChangeReader(_byTopic), affected, fit, before, now);
        await mirror.ApplyAsync(page.Records, cancellationToken);
        var records = page.Records.Count;
        while (!page.Through.IsEnd)
        {
            // The transaction is larger than a page: the rest goes into the same transaction of the store, so that
            // readers see all of it or nothing.
            var next = await _pages.ReadAsync(before, page.Through, cancellationToken);
            if (next.Through <= page.Through)
                throw new InvalidOperationException($"The log ends within a transaction, at {page.Through}.");
            page = next;
            await mirror.ApplyAsync(page.Records, cancellationToken);
            Failpoint.Pass("projections.page-applied");
            records += page.Records.Count;
            if (page.Through.IsEnd)
                checkpoint = await MoveAsync(session, checkpoint, page, cancellationToken);
        }
        Failpoint.Pass("projections.mirror-written");
        await StopUnknownAsync(session, cancellationToken);
        var returns = await ReturnsAsync(session, cancellationToken);
        foreach (var (projection, keys) in await affected.EndAsync(cancellationToken))
        {
            await computer.ComputeAsync(
                session,
                projection,
                keys.Keys.ToList(),
                keys,
                page.Through,
                now,
                cancellationToken
            );
        }
        foreach (var projection in affected.Spilled)
            projection.MayBeDirty = true;
        Failpoint.Pass("projections.before-commit");
        await session.CommitAsync(cancellationToken);
        Failpoint.Pass("projections.after-commit");
        parts.Metrics.Applied(mirror.Applied, mirror.Repeated);
        if (mirror.Repeated > 0)
            parts.Logger.Repeated(mirror.Repeated, checkpoint.Position);
        return new AppliedBatch(checkpoint, records, true, returns);
    }

    private Task<Checkpoint> MoveAsync(
        StoreSession session,
        Checkpoint checkpoint,
        LogPage page,
        CancellationToken cancellationToken
    ) => checkpoint.MoveAsync(session, page.Through, page.At, parts.Time.GetUtcNow(), cancellationToken);

    /// <summary>Starts history at the first snapshot: nothing is known about the time before it.</summary>
    private Task<int> BeginHistoryAsync(StoreSession session, LogPage page, CancellationToken cancellationToken)
    {
        var begin = page.Records.Count > 0 ? page.Records[0].Position : page.Through;
        return session.ExecuteAsync(
            "update projections.checkpoint set kept_epoch = $2, kept_commit = $3 where source = $1",
            [opened.Checkpoint.Source, begin.Epoch, begin.Commit.Sql()],
            cancellationToken
        );
    }

    private async Task StopUnknownAsync(StoreSession session, CancellationToken cancellationToken)
    {
        foreach (var projection in opened.Projections)
        {
            if (projection.Live && fit.Unknown(projection) is { } problem)
                await ProjectionStop.StopAsync(session, projection, problem, cancellationToken);
        }
    }

    /// <summary>
    /// Whether a projection that had stopped fits its tables again, after one of them was described or read again, or
    /// its unreadable rows were fixed, and none is in doubt. It returns when the applier is opened again.
    /// </summary>
    private async Task<bool> ReturnsAsync(StoreSession session, CancellationToken cancellationToken)
    {
        var news = fit.TakeNews();
        foreach (
            var projection in opened.Projections.Where(one =>
                !one.Live
                && (one.Unread.IsMended || one.Tables.Any(use => news.Contains(use.Mirror.Id)))
                && one.Tables.All(use => fit.IsKnown(use.Mirror) && fit.Problem(use) is null)
            )
        )
        {
            var tables = projection.Tables.Select(use => use.Mirror.Id).ToArray();
            if (
                await session.ScalarAsync<bool>(
                    "select exists (select from projections.source_table where id = any($1) and in_doubt)",
                    [tables],
                    cancellationToken
                )
            )
                continue;
            parts.Logger.Returns(projection.Model.Id.Name);
            return true;
        }
        return false;
    }
}
