using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Rebuilding;
using Strangler.Projections.Storing;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>
/// The one applier of a source. A step does the work that is pending: a batch of the log, documents that are due, a
/// chunk of dirty keys. Each of these is one transaction that begins with the checkpoint's compare-and-set. After an
/// exception, an applier is opened again: its memory may be ahead of the store, which was rolled back.
/// </summary>
internal sealed class Applier : IDisposable
{
    private readonly ApplierParts _parts;
    private readonly FunctionThread _functions;
    private readonly KeyComputer _computer;
    private readonly HistoryRetention _retention;
    private readonly LogStep _log;
    private readonly DueStep _due;
    private readonly DirtyStep _dirty;

    private Applier(ApplierParts parts, TableFit fit, OpenedStore opened)
    {
        (_parts, Checkpoint, Projections) = (parts, opened.Checkpoint, opened.Projections);
        _functions = new FunctionThread(parts.Options.KeyLimit, TimeProvider.System);
        _computer = new KeyComputer(_functions, parts.Options, parts.Metrics);
        _retention = new HistoryRetention(parts, opened);
        _log = new LogStep(parts, opened, fit, _computer, _retention);
        _due = new DueStep(parts, opened, _computer);
        _dirty = new DirtyStep(parts, opened, _computer);
    }

    /// <summary>The checkpoint through which everything is applied.</summary>
    public Checkpoint Checkpoint { get; private set; }

    public IReadOnlyList<BoundProjection> Projections { get; }

    /// <summary>How far readers want everything to be applied.</summary>
    public WantedProgress Wanted => _parts.Wanted;

    /// <exception cref="FaultException">The mirror can't be changed to fit the declarations.</exception>
    public static async Task<Applier> OpenAsync(
        ApplierParts parts,
        string source,
        IReadOnlyList<ProjectionModel> models,
        CancellationToken cancellationToken
    )
    {
        var fit = new TableFit();
        var opened = await new StoreOpener(parts.Store, parts.Log, source, models, fit, parts.Time).OpenAsync(
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
        await applier._due.LookAsync(cancellationToken);
        return applier;
    }

    /// <exception cref="KeyOverrunException">
    /// f didn't return for a key. The key is recorded, and the process must be restarted.
    /// </exception>
    /// <exception cref="FaultException">
    /// Another applier has taken over, or the log no longer holds what comes next.
    /// </exception>
    public async Task<ApplierStep> StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = _parts.Time.GetUtcNow();
            var batch = await _log.ApplyAsync(Checkpoint, now, cancellationToken);
            Checkpoint = batch.Checkpoint;
            var begun = Checkpoint.At is not null;
            var due = begun ? await _due.ComputeAsync(Checkpoint, now, cancellationToken) : 0;
            var drained = begun ? await _dirty.ComputeAsync(Checkpoint, now, cancellationToken) : 0;
            var worked = batch.Records + due + drained > 0;
            var cleaned = !worked && await _retention.CleanAsync(Checkpoint, cancellationToken);
            if (worked || _due.Next <= now)
                await _due.LookAsync(cancellationToken);
            return new ApplierStep(
                batch.Records,
                batch.Moved,
                due,
                drained,
                cleaned,
                batch.Returns,
                _log.Seen,
                _due.Next
            );
        }
        catch (KeyOverrunException overrun)
        {
            await QuarantineAsync(overrun, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc cref="HistoryRetention.DropAsync"/>
    public Task<int> RetainAsync(CancellationToken cancellationToken) =>
        _retention.DropAsync(Checkpoint, cancellationToken);

    public void Dispose() => _functions.Dispose();

    private async Task QuarantineAsync(KeyOverrunException overrun, CancellationToken cancellationToken)
    {
        await using var session = await StoreSession.BeginAsync(_parts.Store, cancellationToken);
        await Checkpoint.HoldAsync(session, cancellationToken);
        var failed = new KeyOutcome.Failed(
            overrun.Key.Key,
            overrun.Message,
            FunctionRunner.RowsText(overrun.Projection, overrun.Key)
        );
        await new QuarantineStore(session).AddAsync(
            overrun.Projection,
            [failed],
            Checkpoint.Position,
            _parts.Time.GetUtcNow(),
            overrun: true,
            cancellationToken
        );
        await new DirtyStore(session).RemoveAsync(overrun.Projection.Build, [overrun.Key.Key], cancellationToken);
        await _computer.StopIfTooManyAsync(session, overrun.Projection, cancellationToken);
        await session.CommitAsync(cancellationToken);
    }
}
