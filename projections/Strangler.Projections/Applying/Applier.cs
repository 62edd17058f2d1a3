using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Failpoints;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Sources;
using Strangler.Projections.Storing;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>
/// The one applier of a source. A step works off what there is: a batch of the log, documents whose time has come, a
/// chunk of dirty keys. Each of them is one transaction that begins with the checkpoint's compare-and-set. After an
/// exception an applier is opened anew: what it holds in memory may be ahead of what was rolled back.
/// </summary>
internal sealed class Applier : IDisposable
{
    private readonly NpgsqlDataSource _store;
    private readonly IChangeLog _log;
    private readonly ApplierOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProjectionMetrics _metrics;
    private readonly MappingParts _parts;
    private readonly Action<string>? _passing;
    private readonly FunctionThread _functions;
    private readonly KeyComputer _computer;
    private readonly TableFit _fit;
    private readonly HistoryPartitions _partitions;
    private readonly IReadOnlyList<BoundProjection> _projections;
    private readonly Dictionary<string, MirrorTable> _byTopic;
    private Checkpoint _checkpoint;
    private DateTimeOffset? _nextDue;
    private readonly Sweep _sweep;
    private bool _oldBuilds = true;
    private bool _reads;
    private DateTimeOffset _hour;
    private Position _seen;
    private long _progressedAt;

    private Applier(ApplierParts parts, TableFit fit, OpenedStore opened)
    {
        (_store, _log, _options, _time, _logger, _metrics, _parts, _passing) = (
            parts.Store,
            parts.Log,
            parts.Options,
            parts.Time,
            parts.Logger,
            parts.Metrics,
            parts.Mapping,
            parts.Passing
        );
        (_fit, _checkpoint, _projections) = (fit, opened.Checkpoint, opened.Projections);
        _functions = new FunctionThread(_options.KeyLimit, TimeProvider.System);
        _computer = new KeyComputer(_functions, _options, _metrics);
        _partitions = new HistoryPartitions(_store, opened.Tables);
        _sweep = new Sweep(opened.Tables);
        _byTopic = opened.Tables.ToDictionary(
            table => TopicName.Of(opened.Checkpoint.Source, table.Schema, table.Name),
            StringComparer.Ordinal
        );
    }

    /// <summary>Applied through here.</summary>
    public Checkpoint Checkpoint => _checkpoint;

    public IReadOnlyList<BoundProjection> Projections => _projections;

    /// <exception cref="FaultException">The mirror cannot be made to fit what is declared.</exception>
    public static async Task<Applier> OpenAsync(
        ApplierParts parts,
        string source,
        IReadOnlyList<ProjectionModel> models,
        CancellationToken cancellationToken
    )
    {
        var fit = new TableFit(parts.Fits);
        var opened = await new Opening(parts.Store, parts.Log, source, models, fit, parts.Time).OpenAsync(
            cancellationToken
        );
        var applier = new Applier(parts, fit, opened);
        foreach (var projection in opened.Projections)
        {
            if (projection.Live)
                parts.Logger.Serving(projection.Model.Id.Name, projection.Model.Id.Version, projection.Build);
            else
                parts.Logger.Stopped(projection.Model.Id.Name, projection.Problem!);
        }
        applier._nextDue = await applier.NextDueAsync(cancellationToken);
        return applier;
    }

    /// <exception cref="KeyOverrunException">
    /// f did not return for a key, which is recorded; the process must end and start again.
    /// </exception>
    /// <exception cref="FaultException">
    /// Another applier has taken over, or the log no longer holds what comes next.
    /// </exception>
    public async Task<Step> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = _time.GetUtcNow();
            var (records, moved, returns) = await ApplyAsync(now, cancellationToken);
            var due = _checkpoint.At is null ? 0 : await ComputeDueAsync(now, cancellationToken);
            var drained = _checkpoint.At is null ? 0 : await DrainAsync(now, cancellationToken);
            var cleaned = records + due + drained == 0 && await CleanAsync(cancellationToken);
            if (records + due + drained > 0 || _nextDue <= now)
                _nextDue = await NextDueAsync(cancellationToken);
            return new Step(records, moved, due, drained, cleaned, returns, _seen, _nextDue);
        }
        catch (KeyOverrunException overrun)
        {
            await QuarantineAsync(overrun, cancellationToken);
            throw;
        }
    }

    private async Task<(int Records, bool Moved, bool Returns)> ApplyAsync(
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (await NextAsync(cancellationToken) is not var (after, anew, page))
            return default;
        _seen = page.Through;
        if (page.Through <= after)
            return default;
        if (page.Records.Count == 0 && _checkpoint.At is not null)
        {
            // An idle source sends progress often; a few transactions a second are enough for the watermark.
            if (_time.GetElapsedTime(_progressedAt) < _options.ProgressInterval && _progressedAt != 0)
                return default;
            _progressedAt = _time.GetTimestamp();
        }
        await MakePartitionsAsync(now, cancellationToken);

        await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
        var first = _checkpoint.At is null;
        var checkpoint = page.Through.IsEnd
            ? await _checkpoint.MoveAsync(session, page.Through, page.At, _time.GetUtcNow(), cancellationToken)
            : await HoldAsync(session, cancellationToken);
        if (first || anew)
            await BeginHistoryAsync(session, page, cancellationToken);
        var affected = new AffectedBatch(session, _projections, _options.KeysAtOnce, _parts);
        var mirror = new MirrorPage(session, new ChangeReader(_byTopic), affected, _fit, _checkpoint, now);
        await mirror.ApplyAsync(page.Records, cancellationToken);
        var records = page.Records.Count;
        while (!page.Through.IsEnd)
        {
            // A transaction larger than a page: the rest comes into the same transaction of the store, so that readers
            // see none of it or all.
            var next = await ReadAsync(page.Through, cancellationToken);
            if (next.Through <= page.Through)
                throw new InvalidOperationException($"The log ends within a transaction, at {page.Through}.");
            page = next;
            await mirror.ApplyAsync(page.Records, cancellationToken);
            Failpoint.Pass("projections.page-applied");
            records += page.Records.Count;
            if (page.Through.IsEnd)
                checkpoint = await checkpoint.MoveAsync(
                    session,
                    page.Through,
                    page.At,
                    _time.GetUtcNow(),
                    cancellationToken
                );
        }
        Pass("projections.mirror-written");
        await StopUnknownAsync(session, cancellationToken);
        var returns = await ReturnsAsync(session, cancellationToken);
        foreach (var (projection, keys) in await affected.EndAsync(cancellationToken))
        {
            await _computer.ComputeAsync(
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
        Pass("projections.before-commit");
        await session.CommitAsync(cancellationToken);
        Pass("projections.after-commit");
        _checkpoint = checkpoint;
        _metrics.Applied(mirror.Applied, mirror.Repeated);
        if (mirror.Repeated > 0)
            _logger.Repeated(mirror.Repeated, checkpoint.Position);
        return (records, true, returns);
    }

    /// <summary>
    /// The next page, and whether it begins anew with a snapshot behind a gap; null while the log has nothing to read.
    /// </summary>
    private async Task<(Position After, bool Anew, LogPage Page)?> NextAsync(CancellationToken cancellationToken)
    {
        if (_reads)
        {
            try
            {
                return (_checkpoint.Position, false, await ReadAsync(_checkpoint.Position, cancellationToken));
            }
            catch (FaultException)
            {
                _reads = false; // retention has overtaken us: the log says from where it goes on
            }
        }
        var extent = await _log.ExtentAsync(_checkpoint.Source, cancellationToken);
        switch (LogStart.Of(_checkpoint, extent))
        {
            case LogStart.GoOn(var after):
                _reads = _checkpoint.At is not null;
                return (after, false, await ReadAsync(after, cancellationToken));
            case LogStart.Anew(var after):
                _logger.BeginsAnew(_checkpoint.Source, _checkpoint.Position, extent!.Begin, after);
                return (after, true, await ReadAsync(after, cancellationToken));
            case LogStart.Refuse(var fault):
                throw new FaultException(fault);
            default:
                return null;
        }
    }

    private async Task<LogPage> ReadAsync(Position after, CancellationToken cancellationToken) =>
        PageCut.AtTransaction(
            PageOrder.Behind(await _log.ReadAsync(_checkpoint.Source, after, _options.Read, cancellationToken), after),
            _checkpoint.At
        );

    /// <summary>
    /// Whether a projection that had left fits its tables again, now that one of them was described or read again, or
    /// the rows that it could not read were mended, and none is in doubt: it returns when the applier is opened anew.
    /// </summary>
    private async Task<bool> ReturnsAsync(StoreSession session, CancellationToken cancellationToken)
    {
        var news = _fit.TakeNews();
        foreach (
            var projection in _projections.Where(one =>
                !one.Live
                && (one.Unread.IsMended || one.Tables.Any(use => news.Contains(use.Mirror.Id)))
                && one.Tables.All(use => _fit.IsKnown(use.Mirror) && _fit.Problem(use) is null)
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
            _logger.Returns(projection.Model.Id.Name);
            return true;
        }
        return false;
    }

    private async Task<Checkpoint> HoldAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await _checkpoint.HoldAsync(session, cancellationToken);
        return _checkpoint;
    }

    /// <summary>Nothing is known of the time before the first snapshot.</summary>
    private Task<int> BeginHistoryAsync(StoreSession session, LogPage page, CancellationToken cancellationToken)
    {
        var begin = page.Records.Count > 0 ? page.Records[0].Position : page.Through;
        return session.ExecuteAsync(
            "update projections.checkpoint set kept_epoch = $2, kept_commit = $3 where source = $1",
            [_checkpoint.Source, begin.Epoch, begin.Commit.Sql()],
            cancellationToken
        );
    }

    private async Task StopUnknownAsync(StoreSession session, CancellationToken cancellationToken)
    {
        foreach (var projection in _projections)
        {
            if (projection.Live && _fit.Unknown(projection) is { } problem)
                await ProjectionStop.StopAsync(session, projection, problem, cancellationToken);
        }
    }

    private async Task<int> ComputeDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_nextDue is not { } next || next > now)
            return 0;
        await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
        await _checkpoint.HoldAsync(session, cancellationToken);
        var due = await new DocumentStore(session).DueAsync(LiveBuilds(), now, _options.KeysAtATime, cancellationToken);
        foreach (var group in due.GroupBy(one => one.Build))
        {
            string[] keys = [.. group.Select(one => one.Key)];
            // A key that waits in the queue leaves it by being computed here: the commit that put it there touched it.
            var touched = await new DirtyStore(session).TouchedAsync(group.Key, keys, cancellationToken);
            await _computer.ComputeAsync(
                session,
                _projections.Single(one => one.Build == group.Key),
                keys,
                touched,
                _checkpoint.Position,
                now,
                cancellationToken
            );
        }
        if (due.Count > 0)
            await session.CommitAsync(cancellationToken);
        return due.Count;
    }

    /// <summary>
    /// Computes the next chunk of the queue, of the first projection that has one: an empty queue of one must not keep
    /// those of the others waiting.
    /// </summary>
    private async Task<int> DrainAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var projection in _projections)
        {
            if (projection is not { Live: true, MayBeDirty: true })
                continue;
            await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
            await _checkpoint.HoldAsync(session, cancellationToken);
            var keys = (
                await new DirtyStore(session).NextAsync(projection.Build, _options.KeysAtATime, cancellationToken)
            ).ToDictionary(StringComparer.Ordinal);
            projection.MayBeDirty = keys.Count > 0;
            if (keys.Count == 0)
                continue;
            await _computer.ComputeAsync(
                session,
                projection,
                keys.Keys,
                keys,
                _checkpoint.Position,
                now,
                cancellationToken
            );
            await session.CommitAsync(cancellationToken);
            return keys.Count;
        }
        return 0;
    }

    private async Task<bool> CleanAsync(CancellationToken cancellationToken)
    {
        if (!_oldBuilds && !_sweep.IsUnderWay)
            return false;
        await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
        await _checkpoint.HoldAsync(session, cancellationToken);
        if (_oldBuilds)
            _oldBuilds = await new Builds(session, _checkpoint.Source).CleanAsync(cancellationToken);
        else
            await _sweep.NextAsync(session, _checkpoint.Source, cancellationToken);
        await session.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Drops history that is older than what is kept; what says only that something is gone follows it, in later steps.
    /// </summary>
    /// <returns>How many partitions were dropped.</returns>
    public async Task<int> RetainAsync(CancellationToken cancellationToken)
    {
        var dropped = await _partitions.DropAsync(
            _checkpoint,
            _time.GetUtcNow() - _options.HistoryRetention,
            cancellationToken
        );
        if (dropped > 0)
            _sweep.Begin(LiveBuilds());
        return dropped;
    }

    private async Task MakePartitionsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (HistoryPartitions.StartOf(now) is var hour && hour != _hour)
            await RetainAsync(cancellationToken);
        _hour = hour;
        if (!_partitions.IsMade(now))
            await _partitions.MakeAsync(_checkpoint, now, cancellationToken);
    }

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
        return await new DocumentStore(session).NextDueAsync(LiveBuilds(), cancellationToken);
    }

    private async Task QuarantineAsync(KeyOverrunException overrun, CancellationToken cancellationToken)
    {
        await using var session = await StoreSession.BeginAsync(_store, cancellationToken);
        await _checkpoint.HoldAsync(session, cancellationToken);
        var failed = new Outcome.Failed(
            overrun.Key.Key,
            overrun.Message,
            Computing.RowsText(overrun.Projection, overrun.Key)
        );
        await new QuarantineStore(session).AddAsync(
            overrun.Projection,
            [failed],
            _checkpoint.Position,
            _time.GetUtcNow(),
            overrun: true,
            cancellationToken
        );
        await new DirtyStore(session).RemoveAsync(overrun.Projection.Build, [overrun.Key.Key], cancellationToken);
        await _computer.StopIfTooManyAsync(session, overrun.Projection, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }

    private void Pass(string name)
    {
        _passing?.Invoke(name);
        Failpoint.Pass(name);
    }

    private int[] LiveBuilds() => [.. _projections.Where(one => one.Live).Select(one => one.Build)];

    public void Dispose() => _functions.Dispose();
}
