using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Tests.Mapping;

/// <summary>
/// A mirror that finds only rows one hop from an image, so that a walk ends there: the values of rows that the walk has
/// reached lead nowhere.
/// </summary>
internal sealed class FirstHopMirror(InMemoryMirror mirror, IReadOnlyList<Image> images) : IMirrorReader
{
    public Task<IReadOnlyList<IReadOnlyList<RowVersion>>> ReadAsync(
        IReadOnlyList<LinkRead> reads,
        CancellationToken cancellationToken
    ) =>
        mirror.ReadAsync(
            [.. reads.Select(read => read with { Values = [.. read.Values.Intersect(FirstValues(read))] })],
            cancellationToken
        );

    /// <summary>The values with which images begin the hops that this reading takes.</summary>
    private IEnumerable<string> FirstValues(LinkRead read) =>
        from use in mirror.Projection.Tables
        from hop in use.Model.Hops.OfType<Hop.FromRow>()
        let origin = mirror.Projection.Use(hop.From.Table)
        where ReferenceEquals(origin.Mirror, read.Table) && origin.Slot(hop.From) == read.Slot
        from image in images
        where ReferenceEquals(image.Table, use.Mirror)
        from value in new[] { image.Before?[use.Slot(hop.To)], image.After?[use.Slot(hop.To)] }.OfType<string>()
        select value;
}
