namespace Strangler.Projections.Mirror;

/// <summary>The mirror at one position. Mapping and gathering read it in the same way, by links.</summary>
internal interface IMirrorReader
{
    /// <summary>Reads several independent readings at once.</summary>
    /// <returns>The rows of each reading, in their order.</returns>
    Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    );
}
