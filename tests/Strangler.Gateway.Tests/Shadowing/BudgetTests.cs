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
            if (copy.Copies && budget.Held + whole.Length <= held / 4 * 3)
            {
                Assert.Equal(whole, copy.Take());
                Assert.Equal(whole.Length, budget.Held);
            }
            else if (copy.Copies) Assert.Throws<BudgetSpentException>(() => copy.Take());
            else Assert.Equal(0, budget.Held);
        }
        Assert.Equal(0, budget.Held);
        Assert.True(budget.MaxHeld <= held);
    }, iter: 300);

    /// <summary>
    /// Whatever is taken in whatever order: no more is ever held than may be, what is new has half of it and comparisons three quarters, and work that waits has its turn when what is before it has ended.
    /// </summary>
    [Fact]
    public async Task Budget_AnyTakes_HoldsNoMoreThanItMay() => await Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5_000]).Array[1, 60].SampleAsync(async steps =>
    {
        const int Max = 10_000;
        var budget = new CopyBudget(Max);
        var (taken, works) = (new Queue<long>(), new List<(int Bytes, Task<CopyBudget.WorkRoom> Room)>());
        foreach (var (step, bytes) in steps)
        {
            var before = budget.Held;
            switch (step)
            {
                case 0: Take(budget.TryTakeNew(bytes), Max / 2); break;
                case 1: Take(budget.TryTake(bytes), Max / 4 * 3); break;
                case 2 when taken.Count > 0: budget.Give(taken.Dequeue()); break;
                case 3: await EndAsync(works.FindIndex(work => work.Room.IsCompletedSuccessfully)); break;
                case 4: works.Add((bytes, budget.WorkAsync(bytes, CancellationToken.None).AsTask())); break;
            }
            Assert.InRange(budget.Held, 0, Max);
            Assert.All(works.Where(work => work.Room.IsFaulted), work => Assert.True(work.Bytes > Max / 4));

            void Take(bool isTaken, long limit)
            {
                Assert.Equal(before + bytes <= limit, isTaken);
                if (isTaken) taken.Enqueue(bytes);
            }
        }
        works.RemoveAll(work => work.Room.IsFaulted);
        // comparisons go on holding what they hold: work has its turn all the same
        while (works.Count > 0)
        {
            var next = await Task.WhenAny(works.Select(work => work.Room)).WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            await EndAsync(works.FindIndex(work => work.Room == next));
        }
        while (taken.Count > 0) budget.Give(taken.Dequeue());
        Assert.Equal(0, budget.Held);
        Assert.True(budget.MaxHeld <= Max);

        async Task EndAsync(int index)
        {
            if (index < 0) return;
            (await works[index].Room).Dispose();
            works.RemoveAt(index);
        }
    }, iter: 500);

    [Fact]
    public async Task Work_CancelledWhileItWaits_LetsTheNextOneGo()
    {
        var budget = new CopyBudget(10_000);
        using var cancellation = new CancellationTokenSource();
        Assert.True(budget.TryTakeNew(5_000));
        Assert.True(budget.TryTake(2_500));
        var first = await budget.WorkAsync(2_000, CancellationToken.None);
        var waits = budget.WorkAsync(2_500, cancellation.Token).AsTask();
        var next = budget.WorkAsync(400, CancellationToken.None).AsTask();
        Assert.False(waits.IsCompleted || next.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        (await next).Dispose();
        first.Dispose();
        Assert.Equal(7_500, budget.Held);
    }

    /// <summary>What a comparison allocates, all of it and not only what it holds at once, is within what is taken for it before.</summary>
    [Theory]
    [InlineData("exact")]
    [InlineData("any-order")]
    [InlineData("keyed")]
    [InlineData("masked")]
    [InlineData("parts")]
    public void Cost_OfComparingLargeAnswers_BoundsWhatTheyAllocate(string what)
    {
        var rules = what switch
        {
            "any-order" => new ComparisonRules { AnyOrder = [PathPattern.Parse("$.rows")] },
            "keyed" => new ComparisonRules { KeyedBy = [new KeyedArray(PathPattern.Parse("$.rows"), PathPattern.Parse("$.sku"))] },
            "masked" => new ComparisonRules { Mask = [PathPattern.Parse("$.rows[*].price")] },
            "parts" => new ComparisonRules { Parts = new PartsRule(PathPattern.Parse("$.rows[*]"), PathPattern.Parse("$.sku")) },
            _ => ComparisonRules.Exact,
        };
        var (legacy, lookup) = (Rows(", ", 7), Rows(",", 8));
        var cost = what switch
        {
            "masked" => CompareCost.OfMasking(legacy),
            "parts" => CompareCost.OfParts(legacy),
            _ => CompareCost.Of(legacy, lookup, rules),
        };
        Run(); // what is made once

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {allocated} of {cost}");
        Assert.InRange(allocated, cost / 20, cost);
        Assert.Equal(0, CompareCost.Of(legacy, legacy, rules));

        void Run()
        {
            if (what == "masked") Masking.Apply(legacy.Body, rules);
            else if (what == "parts") _ = new Pieces(legacy, rules, key => key);
            else Assert.False(Comparer.Compare(legacy, lookup, rules).Equal);
        }
    }

    private static Projections.Answer Rows(string comma, int quantity)
    {
        var rows = Enumerable.Range(0, 10_000).Select(row => $$"""{"sku":"10-{{row}}"{{comma}}"quantity":{{(row % 100 == 0 ? quantity : row)}},"price":"{{row % 89}}.50"}""");
        return Projections.Answer.Json(200, System.Text.Encoding.UTF8.GetBytes($$"""{"rows":[{{string.Join(comma, rows)}}]}"""));
    }

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
