using Strangler.Projections.Applying;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>What the store says of a projection and of keys of it, at one instant.</summary>
/// <param name="Standing">Null: nothing of the source has been applied.</param>
/// <param name="Stored">What it holds of each key.</param>
internal sealed record StoreLook(Standing? Standing, IReadOnlyDictionary<string, StoredMoment> Stored)
{
    /// <summary>In one round trip.</summary>
    /// <param name="session">Its queries see one instant.</param>
    public static async Task<StoreLook> ReadAsync(StoreSession session, string source, BoundProjection projection, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Statement[] both = [Standing.Select(source, projection.Model.Id.Name), StoredMoment.Select(projection.Build, keys)];
        var read = await session.QueryAsync<object>(both, static (row, index) => index == 0 ? Standing.Read(row) : StoredMoment.Read(row), int.MaxValue, cancellationToken);
        return new StoreLook(read[0] is [var standing, ..] ? (Standing)standing : null, read[1].Cast<StoredMoment>().ToDictionary(stored => stored.Key, StringComparer.Ordinal));
    }
}
