using System.Text;
using CsCheck;
using Strangler.ChangeLog;
using Strangler.Comparing.Verdicts;
using Strangler.Projections;
using Xunit;

namespace Strangler.Comparing.Tests;

public sealed class BracketCandidatesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Moments of one key: positions that start at 0, each with clocks that start at 0.</summary>
    private static Gen<KeyMoments> Key(string key) =>
        Gen.Select(
            Gen.Int[1, 9].Array[0, 3],
            Gen.Int[1, 9].Array[0, 2],
            (positions, clocks) =>
            {
                var moments = positions
                    .Append(0)
                    .Distinct()
                    .Order()
                    .SelectMany(position =>
                        clocks.Append(0).Distinct().Order().Select(clock => Moment(key, position, clock))
                    )
                    .ToList();
                return new KeyMoments(
                    key,
                    moments.Count == 1,
                    End(positions.Append(0).Max()),
                    moments,
                    [],
                    null,
                    moments.Count - 1
                );
            }
        );

    /// <summary>
    /// At every position and clock, each key's document is that of its last position at or before, and of its last
    /// clock there.
    /// </summary>
    [Fact]
    public void Moments_OfTwoKeysTogether_AreTheDocumentsOfEachInstant() =>
        Gen.Select(Key("a"), Key("b"))
            .Sample(
                (a, b) =>
                {
                    var bracket = BracketCandidates.Of(Evaluated(a, b), ["b", "a", "b"])!;
                    var together = bracket.Moments(new Unit.Whole(null))!.Select(Texts).ToHashSet();

                    var expected = new HashSet<string>();
                    for (var position = 0; position < 10; position++)
                    {
                        for (var clock = 0; clock < 10; clock++)
                            expected.Add($"{At(b, position, clock)} {At(a, position, clock)} {At(b, position, clock)}");
                    }

                    Assert.Superset(together, expected);
                    Assert.Subset(expected, together);
                    Assert.Equal(a.Quiet && b.Quiet, bracket.Quiet(Unit.Frame.Value));
                },
                iter: 1_000
            );

    [Fact]
    public void Moments_OfAPart_KeepTheOtherKeysAtTheirFirst()
    {
        var a = new KeyMoments("a", false, null, [Moment("a", 0, 0), Moment("a", 3, 0)], [], null, 1);
        var b = new KeyMoments("b", false, null, [Moment("b", 0, 0), Moment("b", 5, 0)], [], null, 1);
        var bracket = BracketCandidates.Of(Evaluated(a, b), ["a", "b"])!;

        Assert.Equal(["a0.0 b0.0", "a3.0 b0.0"], bracket.Moments(new Unit.Part("a"))!.Select(Texts));
        Assert.Equal("a0.0 b5.0", Texts(bracket.OthersLast(new Unit.Part("a"))!));
    }

    [Fact]
    public void Moments_TooManyTogether_AreNotLookedAt()
    {
        KeyMoments Many(string key, int by) =>
            new(
                key,
                false,
                null,
                [.. Enumerable.Range(0, 40).Select(index => Moment(key, index * by, 0))],
                [],
                null,
                39
            );
        var bracket = BracketCandidates.Of(Evaluated(Many("a", 2), Many("b", 3)), ["a", "b"])!;

        Assert.Null(bracket.Moments(new Unit.Whole(null)));
        Assert.Equal(40, bracket.Moments(new Unit.Part("a"))!.Count);
    }

    [Fact]
    public void Of_KeyLeftOut_IsNoBracket() =>
        Assert.Null(
            BracketCandidates.Of(
                Evaluated(new KeyMoments("a", true, null, [Moment("a", 0, 0)], [], null, 0)),
                ["a", "b"]
            )
        );

    private static BracketFound.Evaluated Evaluated(params KeyMoments[] keys) =>
        new(Position.Parse("1:0/0:0"), Position.Parse("1:0/20:0"), Noon, keys);

    private static KeyMoment Moment(string key, int position, int clock) =>
        new(
            End(position),
            Noon.AddSeconds(clock),
            new Made.Document(Encoding.UTF8.GetBytes($"{key}{position}.{clock}"))
        );

    private static string At(KeyMoments key, int position, int clock)
    {
        var at = key.Moments.Last(moment =>
            Commit(moment) <= position
            && Commit(moment) == key.Moments.Where(other => Commit(other) <= position).Max(Commit)
            && moment.Clock <= Noon.AddSeconds(clock)
        );
        return Encoding.UTF8.GetString(((Made.Document)at.Made).Bytes.Span);
    }

    private static int Commit(KeyMoment moment) => (int)moment.Position.Commit.Value;

    private static Position End(int commit) => Position.EndOf(1, new Lsn((ulong)commit));

    private static string Texts(Candidate candidate) =>
        string.Join(' ', candidate.Documents.Select(document => Encoding.UTF8.GetString(document.Bytes!.Value.Span)));
}
