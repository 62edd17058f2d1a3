using CsCheck;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class LookHistoryTests
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Compared with the full list of looks: a bracket never begins too late or ends too early, and the newest ten
    /// seconds are exact.
    /// </summary>
    [Fact]
    public void History_AnyLooks_GivesBracketsThatHoldTheExactOnes() =>
        Gen.Select(Gen.Int[1, 400].Array[1, 400], Gen.Int[0, 90_000], Gen.Int[0, 70_000])
            .Sample(
                (gaps, ago, back) =>
                {
                    var (history, all, now) = (new LookHistory(1_000, Keep), new List<TakenLook>(), 100_000L);
                    foreach (var gap in gaps)
                    {
                        var look = new TakenLook(now, now + gap / 3, 1, new SourceLook(default, "", default), "then");
                        history.Add(look);
                        all.Add(look);
                        now += gap;
                    }
                    var at = now - ago;

                    var before = history.Before(at, TimeSpan.FromMilliseconds(back));
                    var after = history.After(at);

                    var exactBefore = all.LastOrDefault(look => look.Received < at - back);
                    var exactAfter = all.FirstOrDefault(look => look.Sent > at);
                    Assert.True(before is null || exactBefore is not null && before.Received <= exactBefore.Received);
                    Assert.True(
                        exactAfter is null ? after is null : after is not null && after.Sent >= exactAfter.Sent
                    );
                    var recent = all[^1].Received - 9_000;
                    if (exactBefore is not null && exactBefore.Received > recent)
                        Assert.Same(exactBefore, before);
                    if (exactAfter is not null && exactAfter.Sent > recent)
                        Assert.Same(exactAfter, after);
                    if (exactBefore is not null && exactBefore.Received > all[^1].Received - 55_000)
                        Assert.True(before is not null && before.Received > exactBefore.Received - 2_500);
                },
                iter: 500
            );

    [Fact]
    public void History_ForALongTime_IsBounded()
    {
        var history = new LookHistory(1_000, Keep);

        for (var now = 0L; now < 600_000; now += 20)
            history.Add(new TakenLook(now, now + 1, 1, new SourceLook(default, "", default), "then"));

        Assert.InRange(history.Count, 750, 850);
    }

    [Fact]
    public void Kept_AfterANewConnection_BeginsWithIt()
    {
        var history = new LookHistory(1_000, Keep);
        for (var generation = 1; generation <= 2; generation++)
        {
            for (var i = 0; i < 10; i++)
                history.Add(
                    new TakenLook(
                        generation * 100 + i,
                        generation * 100 + i,
                        generation,
                        new SourceLook(default, "", default),
                        "then"
                    )
                );
        }

        Assert.Equal((200, 209), (history.Kept()!.Value.Oldest.Sent, history.Kept()!.Value.Newest.Sent));
    }
}
