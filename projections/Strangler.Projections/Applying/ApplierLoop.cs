using Microsoft.Extensions.Logging;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>Runs steps while there is work, and otherwise waits for the log or the next due document.</summary>
internal sealed class ApplierLoop(
    Applier applier,
    IChangeLog log,
    TimeProvider time,
    ProjectionMetrics metrics,
    ILogger logger,
    TimeSpan progress,
    Action<Position>? applied = null
)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(10);

    /// <summary>Returns when the applier has to be opened again.</summary>
    /// <exception cref="KeyOverrunException">The process has to be restarted.</exception>
    /// <exception cref="FaultException">Something that a person has to fix.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stopped = applier.Projections.Where(projection => !projection.Live).ToHashSet();
        var retained = time.GetUtcNow();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = applier.Wanted.Raised(); // before the step reads what is wanted
            var step = await applier.StepAsync(cancellationToken);
            metrics.Watermark(applier.Checkpoint.At);
            applied?.Invoke(applier.Checkpoint.Position);
            foreach (var projection in applier.Projections)
            {
                if (!projection.Live && stopped.Add(projection))
                    logger.Stopped(projection.Model.Id.Name, projection.Problem!);
            }
            if (step.Returns)
                return;
            if (time.GetUtcNow() - retained >= RetentionInterval)
            {
                retained = time.GetUtcNow();
                await applier.RetainAsync(cancellationToken);
            }
            if (step.Worked)
                continue;
            var until = step.Seen > applier.Checkpoint.Position ? progress : MaxWait;
            if (step.NextDue is { } next && next - time.GetUtcNow() is var due && due < until)
                until = due;
            if (until > TimeSpan.Zero)
                await WaitAsync(step.Seen, until, wanted, cancellationToken);
        }
    }

    /// <summary>Waits for the log; what isn't applied yet is applied at once if somebody waits.</summary>
    private async Task WaitAsync(Position seen, TimeSpan until, Task wanted, CancellationToken cancellationToken)
    {
        if (seen <= applier.Checkpoint.Position)
        {
            await log.WaitAsync(applier.Checkpoint.Source, seen, until, cancellationToken);
            return;
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var moved = log.WaitAsync(applier.Checkpoint.Source, seen, until, ended.Token);
        await Task.WhenAny(moved, wanted);
        await ended.CancelAsync();
        try
        {
            await moved;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested) { } // somebody waits
    }
}
