using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;
using Strangler.Projections.Moments;
using Strangler.Projections.Tests.Mapping;
using Xunit;

namespace Strangler.Projections.Tests.Moments;

/// <summary>
/// A bracket with more versions than may be read is refused, and never walked with only some of them.
/// </summary>
public sealed class BracketWalkTests
{
    private static readonly Shape TwoHopsMeet = new([
        [new HopShape(0, null, 0)],
        [new HopShape(0, 0, 1), new HopShape(0, 0, 2)],
    ]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task WalkAsync_TwoHopsReachTheSameRow_FindsAllOfItForBothKeysOrNothing(int most)
    {
        var mirror = new InMemoryMirror(TwoHopsMeet.Model());
        var reader = new Reader(
            new Dictionary<MirrorTable, BracketVersion[]>
            {
                [mirror.Tables[0]] = [Version(1, 1, ["first", "x", null]), Version(2, 1, ["second", null, "x"])],
                [mirror.Tables[1]] = [Version(1, 1, ["x"]), Version(1, 2, ["x"])],
            }
        );

        var rows = await BracketWalk.WalkAsync(
            mirror.Projection,
            ["first", "second"],
            reader,
            most,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(most >= 6, rows is not null);
        if (rows is null)
            return;
        Assert.Equal(2, rows.Reached["first"][1].Count);
        Assert.Equal(2, rows.Reached["second"][1].Count);
    }

    private static BracketVersion Version(int id, int commit, string?[] links) =>
        new(new RowVersion($"{{\"id\":{id}}}", "{}", new Position(1, new Lsn((ulong)commit), 0), links), null);

    /// <summary>Reads no more than it is told to.</summary>
    private sealed class Reader(IReadOnlyDictionary<MirrorTable, BracketVersion[]> tables) : IVersionReader
    {
        public Task<IReadOnlyList<IReadOnlyList<BracketVersion>>> ReadAsync(
            IReadOnlyList<LinkRead> reads,
            int limit,
            CancellationToken cancellationToken
        )
        {
            var results = new List<IReadOnlyList<BracketVersion>>();
            foreach (var read in reads)
            {
                BracketVersion[] found =
                [
                    .. tables[read.Table]
                        .Where(version => read.Values.Contains(version.Version.Links[read.Slot!.Value]))
                        .Take(limit),
                ];
                limit -= found.Length;
                results.Add(found);
            }
            return Task.FromResult<IReadOnlyList<IReadOnlyList<BracketVersion>>>(results);
        }
    }
}
