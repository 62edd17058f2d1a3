using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class BudgetTests
{
    /// <summary>Returns exactly what was written, or nothing, and gives back every byte of the budget.</summary>
    [Fact]
    public void Copy_AnyWrites_IsTheirConcatenationWithinTheBounds() =>
        Gen.Select(Gen.Byte.Array[0, 5_000].Array[0, 20], Gen.Int[1, 60_000], Gen.Int[0, 120_000])
            .Sample(
                (writes, most, max) =>
                {
                    var budget = new CopyBudget(max);
                    var whole = writes.SelectMany(write => write).ToArray();
                    using (var held = new HeldBytes(budget))
                    using (var copy = new AnswerCopy(most, held))
                    {
                        foreach (var write in writes)
                            copy.Append(write);
                        Assert.True(budget.Held <= max);
                        if (whole.Length > most)
                            Assert.True(copy.NoMemory || copy.Missing == IncomparableReason.TooLarge);
                        if (copy.Copies)
                        {
                            Assert.Equal(whole, copy.Take());
                            Assert.InRange(held.Peak, whole.Length, budget.Held);
                        }
                    }
                    Assert.Equal(0, budget.Held);
                    Assert.True(budget.MaxHeld <= max);
                },
                iter: 300
            );

    /// <summary>
    /// For every sequence of reserving, taking, giving back and work: never more is held than allowed, what was
    /// reserved can be taken, and waiting work gets its turn when the work before it has ended, even if no comparison
    /// gives anything back.
    /// </summary>
    [Fact]
    public async Task Budget_AnySteps_HoldsNoMoreThanItMayAndKeepsItsPromises() =>
        await Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6_000], Gen.Int[0, 1_000])
            .Array[1, 80]
            .SampleAsync(StepAsync, iter: 1_000);

    private static async Task StepAsync((int Step, int Bytes, int Which)[] steps)
    {
        const int Max = 10_000;
        var budget = new CopyBudget(Max);
        var comparisons = new List<Promised>();
        var works = new List<(int Bytes, Task<CopyBudget.WorkReservation> Room)>();
        foreach (var (step, bytes, which) in steps)
        {
            if (comparisons.Count == 0 || step == 0)
                comparisons.Add(new Promised(budget));
            var comparison = step == 0 ? comparisons[^1] : comparisons[which % comparisons.Count];
            switch (step)
            {
                case 0 or 1:
                    comparison.Reserve(bytes);
                    break;
                case 2 or 3:
                    comparison.Take(bytes);
                    break;
                case 4:
                    comparison.GiveHalf();
                    break;
                case 5:
                    works.Add((bytes, budget.WorkAsync(bytes, CancellationToken.None).AsTask()));
                    break;
                case 6 when which % 2 == 0:
                    await EndAsync(works.FindIndex(work => work.Room.IsCompletedSuccessfully));
                    break;
                default:
                    comparison.Bytes.Dispose();
                    comparisons.Remove(comparison);
                    break;
            }
            Assert.InRange(budget.Held, 0, Max);
            Assert.All(works.Where(work => work.Room.IsFaulted), work => Assert.True(work.Bytes > Max / 4));
        }
        works.RemoveAll(work => work.Room.IsFaulted);
        while (works.Count > 0)
        {
            var next = await Task.WhenAny(works.Select(work => work.Room))
                .WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
            await EndAsync(works.FindIndex(work => work.Room == next));
        }
        foreach (var comparison in comparisons)
            comparison.Bytes.Dispose();
        Assert.Equal(0, budget.Held);
        Assert.True(budget.MaxHeld <= Max);

        async Task EndAsync(int index)
        {
            if (index < 0)
                return;
            (await works[index].Room).Dispose();
            works.RemoveAt(index);
        }
    }

    /// <summary>A comparison, and its reservation.</summary>
    private sealed class Promised(CopyBudget budget)
    {
        private long _reserved;
        private long _held;

        public HeldBytes Bytes { get; } = new(budget);

        public void Reserve(long bytes)
        {
            var (mayHold, before) = (budget.MayHold(bytes), budget.Held);
            var isReserved = Bytes.TryReserve(bytes);
            if (isReserved && mayHold)
                _reserved = bytes;
            if (!isReserved || !mayHold)
                Assert.Equal(before, budget.Held);
        }

        public void Take(long bytes)
        {
            var isTaken = Bytes.TryTake(bytes);
            if (_held + bytes <= _reserved)
                Assert.True(isTaken, "What was reserved was refused.");
            if (isTaken)
                _held += bytes;
            _reserved = Math.Max(_reserved, _held);
        }

        public void GiveHalf()
        {
            Bytes.Give(_held / 2);
            _held -= _held / 2;
        }
    }

    /// <summary>The room of the largest recent work is kept free for the next one, until nothing is held.</summary>
    [Fact]
    public async Task Work_LargerThanAQuarter_IsKeptFreeUntilNothingIsHeld()
    {
        var budget = new CopyBudget(10_000);

        using (await budget.WorkAsync(4_000, CancellationToken.None))
        {
            Assert.True(budget.TryTake(1_000));
        }

        Assert.False(budget.TryTake(5_001));
        Assert.True(budget.TryTake(5_000));
        (await budget.WorkAsync(4_000, CancellationToken.None)).Dispose();
        budget.Give(6_000);
        Assert.True(budget.TryTake(7_500));
    }

    /// <summary>A comparison that could never fit isn't dropped, since its key must become unproven.</summary>
    [Fact]
    public void Reserve_MoreThanMayEverBeHeld_GoesOnWithWhatThereIs()
    {
        var budget = new CopyBudget(10_000);
        using var other = new HeldBytes(budget);
        Assert.True(other.TryReserve(5_000));
        using var held = new HeldBytes(budget);

        Assert.True(held.TryReserve(8_000));

        Assert.Equal(5_000, budget.Held);
        Assert.False(held.TryReserve(3_000));
        Assert.True(held.TryTake(2_500));
        Assert.False(held.TryTake(1));
    }

    /// <summary>
    /// The estimate rises at once and falls slowly. A comparison that was cut short can only raise it.
    /// </summary>
    [Fact]
    public void Estimate_OfAnyComparisons_IsNoLessThanTheLatest() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 40_000_000], Gen.Bool)
            .Array[1, 40]
            .Sample(
                comparisons =>
                {
                    var estimate = new HeldEstimate();
                    foreach (var (length, held, isCut) in comparisons)
                    {
                        var before = estimate.Of(length);
                        estimate.Learn(length, held, isCut);
                        var after = estimate.Of(length);
                        Assert.True(after >= held);
                        Assert.True(
                            held >= before ? after <= held + 1
                            : isCut ? after == before
                            : after <= before
                        );
                    }
                    var (last, _, _) = comparisons[^1];
                    for (var i = 0; i < 400; i++)
                        estimate.Learn(last, 2L * last, isCut: false);
                    Assert.InRange(estimate.Of(last), 2L * last, 2.01 * Math.Max(last, 4 << 10));
                    Assert.InRange(estimate.Next, 1, 2.01 * 1_000_000);
                },
                iter: 300
            );

    [Fact]
    public async Task Work_CancelledWhileItWaits_LetsTheNextOneGo()
    {
        var budget = new CopyBudget(10_000);
        using var cancellation = new CancellationTokenSource();
        Assert.True(budget.TryTake(7_500));
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

    /// <summary>
    /// The total that a comparison allocates, not only what it holds at once, is within what was taken for it in
    /// advance.
    /// </summary>
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
            "keyed" => new ComparisonRules
            {
                KeyedBy = [new KeyedArray(PathPattern.Parse("$.rows"), PathPattern.Parse("$.sku"))],
            },
            "masked" => new ComparisonRules { Mask = [PathPattern.Parse("$.rows[*].price")] },
            "parts" => new ComparisonRules
            {
                Parts = new PartsRule(PathPattern.Parse("$.rows[*]"), PathPattern.Parse("$.sku")),
            },
            _ => ComparisonRules.Exact,
        };
        var (legacy, lookup) = (Rows(", ", 7), Rows(",", 8));
        var cost = what switch
        {
            "masked" => CompareCost.OfMasking(legacy),
            "parts" => CompareCost.OfParts(legacy),
            _ => CompareCost.Of(legacy, lookup, rules),
        };
        Run(); // one-time allocations
        GC.Collect(); // pooled arrays

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {allocated} of {cost}");
        Assert.InRange(allocated, cost / 20, cost);
        Assert.Equal(0, CompareCost.Of(legacy, legacy, rules));

        void Run()
        {
            if (what == "masked")
                BodyMasker.Apply(legacy.Body, rules);
            else if (what == "parts")
                _ = new SplitAnswer(legacy, rules, key => key);
            else
                Assert.False(Comparer.Compare(legacy, lookup, rules).Equal);
        }
    }

    private static Projections.Answer Rows(string comma, int quantity)
    {
        var rows = Enumerable
            .Range(0, 10_000)
            .Select(row =>
                $$"""{"sku":"10-{{row}}"{{comma}}"quantity":"""
                + $$"""{{(row % 100 == 0 ? quantity : row)}},"price":"{{row % 89}}.50"}"""
            );
        return Projections.Answer.Json(
            200,
            System.Text.Encoding.UTF8.GetBytes($$"""{"rows":[{{string.Join(comma, rows)}}]}""")
        );
    }

    [Fact]
    public void Bucket_AnyWaits_GivesNoMoreThanItsRateAndOneSecondsBurst() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 400].Array[1, 200])
            .Sample(
                (perSecond, waits) =>
                {
                    var time = new FakeTimeProvider();
                    var bucket = new TokenBucket(perSecond, time);
                    var (taken, elapsed) = (0, 0);
                    foreach (var wait in waits)
                    {
                        time.Advance(TimeSpan.FromMilliseconds(wait));
                        elapsed += wait;
                        while (bucket.TryTake())
                            taken++;
                        Assert.InRange(
                            taken,
                            Math.Max(1, perSecond),
                            perSecond + elapsed * perSecond / 1_000.0 + 0.001
                        );
                    }
                },
                iter: 200
            );

    [Fact]
    public void Bucket_Reserved_IsThereWhenItSaysSo()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(2, time);

        Assert.Equal(
            [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), null],
            Enumerable.Range(0, 5).Select(_ => bucket.TryReserve(TimeSpan.FromSeconds(1)))
        );
        Assert.Null(new TokenBucket(0, time).TryReserve(TimeSpan.FromHours(1)));
    }
}
