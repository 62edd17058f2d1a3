using Strangler.ChangeLog;
using Strangler.Projections.Applying;
using Strangler.Projections.Configuration;
using Strangler.Projections.Declaring;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Applying;

namespace Strangler.Projections.Tests.Moments;

/// <summary>An applier and the evaluator that answers questions concurrently, in the test's process.</summary>
internal sealed class MomentsBench : IAsyncDisposable
{
    private readonly AppliedSignal _applied;

    private MomentsBench(Applier applier, MomentEvaluator moments, AppliedSignal applied) =>
        (Applier, Moments, _applied) = (applier, moments, applied);

    public Applier Applier { get; }

    public MomentEvaluator Moments { get; }

    public static async Task<MomentsBench> OpenAsync(
        TestStore store,
        IChangeLog log,
        TimeProvider time,
        IReadOnlyList<ProjectionModel> models,
        ApplierOptions? options = null,
        ITransactionIndex? transactions = null,
        TimeSpan? limit = null
    )
    {
        var applier = await store.OpenAsync(log, time, models, options);
        var (source, applied) = (new CurrentApplier(), new AppliedSignal(time));
        source.Opened(applier);
        applied.Applied(applier.Checkpoint.Position);
        var moments = new MomentEvaluator(
            store.Store,
            log,
            transactions ?? (ITransactionIndex)log,
            SourceLog.Source,
            source,
            applied,
            limit ?? TestStore.LimitOf(options)
        );
        return new MomentsBench(applier, moments, applied);
    }

    /// <summary>Applies everything in the log.</summary>
    public async Task CatchUpAsync()
    {
        await TestStore.CatchUpAsync(Applier);
        _applied.Applied(Applier.Checkpoint.Position);
    }

    public async Task<BracketFound.Evaluated> EvaluateAsync(BracketQuestion question) =>
        await Moments.EvaluateAsync(question, CancellationToken.None) switch
        {
            BracketFound.Evaluated evaluated => evaluated,
            var found => throw new InvalidOperationException($"{found}"),
        };

    public ValueTask DisposeAsync()
    {
        Moments.Dispose();
        Applier.Dispose();
        return ValueTask.CompletedTask;
    }
}
