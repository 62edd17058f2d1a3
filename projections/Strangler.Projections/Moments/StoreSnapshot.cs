using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>The state of a projection and of keys of it in the store, at one instant.</summary>
/// <param name="Status">The projection's status; null if nothing of the source has been applied.</param>
/// <param name="Stored">The stored state of each key.</param>
internal sealed record StoreSnapshot(ProjectionStatus? Status, IReadOnlyDictionary<string, StoredMoment> Stored)
{
    // A cached plan was made for the tables as they were then: one made for an empty queue would scan all of it after
    // it has grown. Other statements of the session are planned freely.
    private static readonly Statement ByKey = new("set local enable_seqscan = off", []);
    private static readonly Statement AsLiked = new("set local enable_seqscan = on", []);

    /// <summary>Reads the snapshot in one round trip.</summary>
    /// <param name="session">A session whose queries see one instant.</param>
    public static async Task<StoreSnapshot> ReadAsync(
        StoreSession session,
        string source,
        BoundProjection projection,
        IReadOnlyCollection<string> keys,
        CancellationToken cancellationToken
    )
    {
        Statement[] all =
        [
            ByKey,
            ProjectionStatus.Select(source, projection.Model.Id.Name),
            .. keys.Select(key => StoredMoment.Select(projection.Build, key)),
            AsLiked,
        ];
        var read = await session.QueryAsync<object>(
            all,
            static (_, index) => index == 0 ? ProjectionStatus.Read : StoredMoment.Read,
            int.MaxValue,
            cancellationToken
        ); // the set statements have no result
        return new StoreSnapshot(
            read[0] is [var status, ..] ? (ProjectionStatus)status : null,
            read.Skip(1)
                .SelectMany(one => one)
                .Cast<StoredMoment>()
                .ToDictionary(stored => stored.Key, StringComparer.Ordinal)
        );
    }
}
