using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Configuration;
using Strangler.Projections.Mirror;
using Strangler.Projections.Storing;
using Strangler.Projections.Telemetry;

namespace Strangler.Projections.Applying;

/// <summary>
/// Computes keys on the mirror as it is in a session, and writes the results: it stores documents, updates the
/// quarantine, and removes the keys from the queue.
/// </summary>
internal sealed class KeyComputer(FunctionThread functions, ApplierOptions options, ProjectionMetrics metrics)
{
    /// <param name="session">The transaction, which holds the checkpoint.</param>
    /// <param name="projection">The projection of the keys.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="touched">For each key the last commit that mapped to it, if any.</param>
    /// <param name="at">The mirror's position in the session.</param>
    /// <param name="now">The time that f receives.</param>
    /// <exception cref="KeyOverrunException">f didn't return for a key.</exception>
    public async Task ComputeAsync(
        StoreSession session,
        BoundProjection projection,
        IReadOnlyCollection<string> keys,
        IReadOnlyDictionary<string, Position> touched,
        Position at,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var mirror = new CurrentMirror(session);
        var documents = new DocumentStore(session);
        var quarantine = new QuarantineStore(session);
        foreach (var chunk in keys.Order(StringComparer.Ordinal).Chunk(options.KeysAtATime))
        {
            if (!projection.Live)
                return;
            string[] tried = [.. chunk.Where(key => !projection.Quarantined.GetValueOrDefault(key))];
            var gathered = await RowGatherer.GatherAsync(projection, tried, mirror, cancellationToken);
            var outcomes = await functions.ComputeAsync(projection, gathered, now, cancellationToken);
            var made = outcomes.OfType<KeyOutcome.Made>().ToList();
            var failed = outcomes.OfType<KeyOutcome.Failed>().ToList();
            var written = await documents.WriteAsync(projection.Build, made, touched, now, cancellationToken);
            await quarantine.AddAsync(projection, failed, at, now, overrun: false, cancellationToken);
            await quarantine.ReleaseAsync(projection, made.Select(one => one.Key), cancellationToken);
            if (projection.MayBeDirty)
                await new DirtyStore(session).RemoveAsync(projection.Build, chunk, cancellationToken);
            await StopIfTooManyAsync(session, projection, cancellationToken);
            metrics.Computed(projection.Model.Id.Name, tried.Length, written, failed.Count);
        }
    }

    public Task StopIfTooManyAsync(
        StoreSession session,
        BoundProjection projection,
        CancellationToken cancellationToken
    ) =>
        projection.Quarantined.Count <= options.MaxQuarantined
            ? Task.CompletedTask
            : ProjectionStop.StopAsync(
                session,
                projection,
                $"{projection.Quarantined.Count} keys are quarantined, more than the {options.MaxQuarantined} of "
                    + "Projections:MaxQuarantined. The table projections.quarantine holds what f threw and its rows.",
                cancellationToken
            );
}
