using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Comparing;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class BudgetTests
{
    /// <summary>What was written, or nothing; and every byte of the budget comes back.</summary>
    [Fact]
    public void Copy_AnyWrites_IsTheirConcatenationWithinTheBounds() => Gen.Select(Gen.Byte.Array[0, 5_000].Array[0, 20], Gen.Int[1, 60_000], Gen.Int[0, 120_000]).Sample((writes, most, held) =>
    {
        var budget = new CopyBudget(held);
        var whole = writes.SelectMany(write => write).ToArray();
        using (var copy = new AnswerCopy(most, budget))
        {
            foreach (var write in writes) copy.Append(write);
            Assert.True(budget.Held <= held);
            if (whole.Length > most) Assert.True(copy.NoMemory || copy.Missing == IncomparableReason.TooLarge);
            if (copy.Copies)
            {
                Assert.Equal(whole, copy.Take());
                Assert.Equal(whole.Length, budget.Held);
            }
            else Assert.Equal(0, budget.Held);
        }
        Assert.Equal(0, budget.Held);
    }, iter: 300);

    [Fact]
    public void Bucket_AnyWaits_GivesNoMoreThanItsRateAndOneSecondsBurst() => Gen.Select(Gen.Int[1, 50], Gen.Int[0, 400].Array[1, 200]).Sample((perSecond, waits) =>
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(perSecond, time);
        var (taken, elapsed) = (0, 0);
        foreach (var wait in waits)
        {
            time.Advance(TimeSpan.FromMilliseconds(wait));
            elapsed += wait;
            while (bucket.TryTake()) taken++;
            Assert.InRange(taken, Math.Max(1, perSecond), perSecond + elapsed * perSecond / 1_000.0 + 0.001);
        }
    }, iter: 200);

    [Fact]
    public void Bucket_Reserved_IsThereWhenItSaysSo()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(2, time);

        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), null], Enumerable.Range(0, 5).Select(_ => bucket.TryReserve(TimeSpan.FromSeconds(1))));
        Assert.Null(new TokenBucket(0, time).TryReserve(TimeSpan.FromHours(1)));
    }
}
