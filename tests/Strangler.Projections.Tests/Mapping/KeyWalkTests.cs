using CsCheck;
using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mapping;
using Xunit;

namespace Strangler.Projections.Tests.Mapping;

public sealed class KeyWalkTests
{
    private static readonly Gen<(Shape Shape, TestChange[] Before, TestChange[] Batch)> Cases =
        ShapeGens.Shapes.SelectMany(shape =>
            Gen.Select(
                Gen.Const(shape),
                ShapeGens.Changes(shape.Tables.Count).Array[0, 24],
                ShapeGens.Changes(shape.Tables.Count).Array[1, 6]
            )
        );

    [Fact]
    public void MapAsync_RandomPathsAndBatches_FindsEveryKeyWhoseDocumentChanges() =>
        Cases.Sample(one => Unmapped(one.Shape, one.Before, one.Batch, Mutation.None).Count == 0, iter: 5_000);

    [Theory]
    [InlineData(Mutation.NewImagesAlone)]
    [InlineData(Mutation.FirstHopsAlone)]
    [InlineData(Mutation.NoMovesOfMiddleRows)]
    public void MapAsync_WithOneFault_IsFoundOutWithinAThousandCases(Mutation mutation)
    {
        var cases = Cases.Array[1_000].Single();

        Assert.Contains(cases, one => Unmapped(one.Shape, one.Before, one.Batch, mutation).Count > 0);
    }

    [Fact]
    public void MapAsync_SeveralCommitsInABatch_RecordsTheLastCommitThatChangedTheDocument() =>
        Cases.Sample(
            one =>
            {
                var (mirror, state) = Begin(one.Shape, one.Before);
                var changed = new Dictionary<string, Position>();
                for (var index = 0; index < one.Batch.Length; index++)
                {
                    var documents = one.Shape.Documents(state);
                    Apply(mirror, state, one.Batch[index], At(1_000 + index));
                    foreach (var key in Differing(documents, one.Shape.Documents(state)))
                        changed[key] = Position.EndOf(1, At(1_000 + index).Commit);
                }

                var mapped = Map(mirror, Mutation.None);

                return changed.All(key => mapped.Keys.TryGetValue(key.Key, out var touched) && touched >= key.Value);
            },
            iter: 2_000
        );

    private static List<string> Unmapped(Shape shape, TestChange[] before, TestChange[] batch, Mutation mutation)
    {
        var (mirror, state) = Begin(shape, before);
        var documents = shape.Documents(state);
        for (var index = 0; index < batch.Length; index++)
            Apply(mirror, state, batch[index], At(1_000 + index));

        var mapped = Map(mirror, mutation);

        return [.. Differing(documents, shape.Documents(state)).Where(key => !mapped.Keys.ContainsKey(key))];
    }

    private static (InMemoryMirror Mirror, TestTables State) Begin(Shape shape, TestChange[] before)
    {
        var (mirror, state) = (new InMemoryMirror(shape.Model()), new TestTables());
        for (var index = 0; index < before.Length; index++)
            Apply(mirror, state, before[index], At(index));
        mirror.TakeImages();
        return (mirror, state);
    }

    private static AffectedKeys Map(InMemoryMirror mirror, Mutation mutation)
    {
        var (mapped, images) = (new AffectedKeys(), mirror.TakeImages());
        var walk = KeyWalk.MapAsync(
            mirror.Projection,
            mutation switch
            {
                Mutation.NewImagesAlone => [.. images.Select(image => image with { Before = null })],
                Mutation.NoMovesOfMiddleRows => [.. images.Where(image => !MovesAMiddleRow(mirror.Projection, image))],
                _ => images,
            },
            mutation == Mutation.FirstHopsAlone ? new FirstHopMirror(mirror, images) : mirror,
            mapped,
            CancellationToken.None
        );
        Assert.True(walk.IsCompletedSuccessfully);
        return mapped;
    }

    /// <summary>Whether a row changes its links in a table from which another hop comes.</summary>
    private static bool MovesAMiddleRow(BoundProjection projection, Image image) =>
        image is { Before: { } before, After: { } after }
        && !before.AsSpan().SequenceEqual(after)
        && projection
            .Tables.SelectMany(use => use.Model.Hops)
            .OfType<Hop.FromRow>()
            .Any(hop => ReferenceEquals(projection.Use(hop.From.Table).Mirror, image.Table));

    private static void Apply(InMemoryMirror mirror, TestTables state, TestChange change, Position at)
    {
        var row = change.Columns is null ? null : new TestRow(change.Id, change.Columns);
        if (row is null)
            state.Remove(change.Table, change.Id);
        else
            state.Put(change.Table, row);
        mirror.Put(change.Table, change.Id, row, at);
    }

    private static Position At(int commit) => new(1, new Lsn((ulong)(commit + 1) * 8), 0);

    private static IEnumerable<string> Differing(
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after
    ) => before.Keys.Union(after.Keys).Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key));

    /// <summary>
    /// Possible errors, to prove that the property would notice them. Each hides from the walk what a wrong one would
    /// pass over.
    /// </summary>
    public enum Mutation
    {
        None,
        NewImagesAlone,
        FirstHopsAlone,
        NoMovesOfMiddleRows,
    }
}
