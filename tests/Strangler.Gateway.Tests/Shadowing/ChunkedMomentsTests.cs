using CsCheck;
using Strangler.ChangeLog;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class ChunkedMomentsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Evaluate_AnyNumberOfKeys_FindsWhatOneQuestionWould() =>
        await Gen.Int[1, 450]
            .SampleAsync(
                async count =>
                {
                    var moments = new FakeMoments();
                    var question = Question(count);
                    foreach (var key in question.Keys)
                        moments.Documents[key] = $"[{key}]";

                    var found = Assert.IsType<BracketFound.Evaluated>(
                        await new ChunkedMoments(moments).EvaluateAsync(question, Cancellation)
                    );

                    Assert.Equal(question.Keys, found.Keys.Select(key => key.Key));
                    Assert.Equal(
                        question.Keys.Select(key => $"[{key}]"),
                        found.Keys.Select(key =>
                            System.Text.Encoding.UTF8.GetString(((Made.Document)key.Moments[0].Made).Bytes.Span)
                        )
                    );
                    Assert.Equal((count + 99) / 100, moments.Asked.Count);
                    Assert.All(moments.Asked, asked => Assert.InRange(asked.Keys.Count, 1, 100));
                    Assert.All(moments.Asked, asked => Assert.Equal(question with { Keys = asked.Keys }, asked));
                },
                iter: 50,
                threads: 1
            );

    [Fact]
    public async Task Evaluate_OneQuestionSaysNothing_NothingIsSaid()
    {
        var moments = new FakeMoments();
        moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                moments.Asked.Count < 2
                    ? moments.Quiet(question)
                    : new BracketFound.Undetermined(UndeterminedReason.CatalogueMoved, "moved")
            );

        Assert.Equal(
            new BracketFound.Undetermined(UndeterminedReason.CatalogueMoved, "moved"),
            await new ChunkedMoments(moments).EvaluateAsync(Question(250), Cancellation)
        );
        Assert.Equal(2, moments.Asked.Count);
    }

    [Fact]
    public async Task Evaluate_TwoBracketsForOne_NothingIsSaid()
    {
        var moments = new FakeMoments();
        moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                moments.Quiet(question) with
                {
                    From = Position.EndOf(moments.Asked.Count, new Lsn(16)),
                }
            );

        Assert.Equal(
            UndeterminedReason.EpochChanged,
            Assert
                .IsType<BracketFound.Undetermined>(
                    await new ChunkedMoments(moments).EvaluateAsync(Question(101), Cancellation)
                )
                .Reason
        );
    }

    private static BracketQuestion Question(int keys) =>
        new(
            new ProjectionId("Items", "v1"),
            [.. Enumerable.Range(1, keys).Select(key => $"{key}")],
            new SourceLook(new Lsn(1), "1:2:", new Lsn(2)),
            new Lsn(3),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            TimeSpan.FromSeconds(1)
        );
}
