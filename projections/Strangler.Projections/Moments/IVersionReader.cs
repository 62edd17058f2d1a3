using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>Gives versions to a walk.</summary>
internal interface IVersionReader
{
    /// <summary>The versions of each reading, in their order.</summary>
    /// <param name="limit">
    /// The minimum number to read, if that many exist; a caller that gets fewer has all of them.
    /// </param>
    Task<IReadOnlyList<IReadOnlyList<BracketVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        int limit,
        CancellationToken cancellationToken
    );
}
