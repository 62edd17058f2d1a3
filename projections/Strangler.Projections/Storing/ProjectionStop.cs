using Strangler.Projections.Binding;

namespace Strangler.Projections.Storing;

/// <summary>
/// Stops a projection while the applier continues: its keys miss, and it returns with a rebuild from the mirror when
/// its tables fit again, or at the next start.
/// </summary>
internal static class ProjectionStop
{
    public static Task StopAsync(
        StoreSession session,
        BoundProjection projection,
        string problem,
        CancellationToken cancellationToken
    )
    {
        if (!projection.Live)
            return Task.CompletedTask;
        projection.Problem = problem;
        return RecordAsync(session, projection, problem, cancellationToken);
    }

    /// <summary>Records that it has stopped.</summary>
    public static Task<int> RecordAsync(
        StoreSession session,
        BoundProjection projection,
        string problem,
        CancellationToken cancellationToken
    ) =>
        session.ExecuteAsync(
            "update projections.build set state = 'stopped', problem = $2 where id = $1",
            [projection.Build, problem.Replace("\0", "", StringComparison.Ordinal)],
            cancellationToken
        );
}
