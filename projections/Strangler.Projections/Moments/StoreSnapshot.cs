using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Moments;

/// <summary>What the store says of a projection and of keys of it, at one instant.</summary>
/// <param name="Status">Null: nothing of the source has been applied.</param>
/// <param name="Stored">What it holds of each key.</param>
internal sealed record StoreSnapshot(ProjectionStatus? Status, IReadOnlyDictionary<string, StoredMoment> Stored)
{
    // A plan that is kept was made for the tables as they were: for an empty queue it would read all of it when it has
    // grown. Other statements of the session plan as they like.
    private static readonly Statement ByKey = new("set local enable_seqscan = off", []);
    private static readonly Statement AsLiked = new("set local enable_seqscan = on", []);

    /// <summary>In one round trip.</summary>
    /// <param name="session">Its queries see one instant.</param>
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
            static (row, index) => index == 0 ? ProjectionStatus.Read(row) : StoredMoment.Read(row),
            int.MaxValue,
            cancellationToken
        ); // what is set has no result
        return new StoreSnapshot(
            read[0] is [var standing, ..] ? (ProjectionStatus)standing : null,
            read.Skip(1)
                .SelectMany(one => one)
                .Cast<StoredMoment>()
                .ToDictionary(stored => stored.Key, StringComparer.Ordinal)
        );
    }
}
