using CsCheck;
using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Gateway.Health;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

/// <summary>
/// Ages are compared with a fully known world: when each row was committed, and which rows the documents have.
/// </summary>
public sealed class WatermarkHistoryTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The clocks of source and gateway drift and jump by minutes, the applier stalls and continues, progress arrives
    /// or doesn't. No age is ever less than the time since the oldest commit that the documents lack.
    /// </summary>
    [Fact]
    public void AgeOf_AnyClocksAndLags_IsNeverLessThanTheTrueAge()
    {
        var served = 0L;
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var world = new World(random) { Looks = true };
                for (var tick = 0; tick < 1_500; tick++)
                {
                    world.Tick(
                        random.Next(40) == 0,
                        random.Next(30) == 0,
                        random.Next(100) switch
                        {
                            < 3 => true,
                            < 6 => false,
                            _ => null,
                        }
                    );
                    if (world.Ask() is not WatermarkAge.Known known)
                        continue;
                    Interlocked.Increment(ref served);
                    if (known.Age < world.TrueAge)
                        Assert.Fail($"Seed {seed}, tick {tick}: {known.Age} is less than {world.TrueAge}.");
                }
            },
            iter: 400
        );
        Assert.True(served > 10_000, $"Only {served} ages were known.");
    }

    /// <summary>
    /// With clocks that differ by any constant, and a working pipeline, look-ups are served, and ages are small.
    /// </summary>
    [Fact]
    public void AgeOf_ConstantOffsetsAndAWorkingPipeline_IsKnownAndSmall() =>
        Gen.Select(Gen.Int[-10_000, 10_000], Gen.Int[-10_000, 10_000], Gen.Int)
            .Sample(
                (source, gateway, seed) =>
                {
                    var random = new Random(seed);
                    var world = new World(random)
                    {
                        Looks = true,
                        SourceAhead = TimeSpan.FromSeconds(source),
                        GatewayAhead = TimeSpan.FromSeconds(gateway),
                    };
                    for (var tick = 0; tick < 300; tick++)
                    {
                        world.Tick(jumps: false, stalls: false, holds: false);
                        var found = world.Ask();
                        if (tick < 60)
                            continue;
                        var age = Assert.IsType<WatermarkAge.Known>(found).Age;
                        Assert.InRange(age, world.TrueAge, TimeSpan.FromSeconds(3));
                    }
                },
                iter: 100
            );

    /// <summary>The gateway's clock is 120 s behind, and the bridge is stopped.</summary>
    [Theory]
    [InlineData(-120)]
    [InlineData(0)]
    [InlineData(120)]
    public void AgeOf_NothingMoves_GrowsWithTheMonotonicTime(int gateway)
    {
        var history = new WatermarkHistory(isSourceKnown: false);
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch.AddSeconds(gateway));
        var last = Mark(2, Epoch.AddSeconds(1));
        for (var second = 1; second < 200; second++)
        {
            var age = history.AgeOf(last, TimeSpan.FromSeconds(second), Epoch.AddSeconds(gateway + second));
            if (age is WatermarkAge.Known known)
                Assert.True(known.Age >= TimeSpan.FromSeconds(second - 1), $"{known.Age} after {second} s.");
        }
    }

    [Fact]
    public void AgeOf_FirstWatermarkSinceTheStart_IsUnknownUntilItMoves()
    {
        var history = new WatermarkHistory(isSourceKnown: false);

        var first = history.AgeOf(Mark(1, Epoch), TimeSpan.FromSeconds(1), Epoch);
        var again = history.AgeOf(Mark(1, Epoch), TimeSpan.FromSeconds(9), Epoch);
        var moved = history.AgeOf(Mark(2, Epoch), TimeSpan.FromSeconds(10), Epoch);
        var late = history.AgeOf(Mark(1, Epoch), TimeSpan.FromSeconds(11), Epoch);

        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.NotMoved), first);
        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.NotMoved), again);
        Assert.Equal(new WatermarkAge.Known(TimeSpan.Zero), moved);
        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.NotMoved), late);
    }

    /// <summary>
    /// An equal time doesn't mean that a watermark is the same: a new epoch or a restored store has another place.
    /// </summary>
    [Theory]
    [InlineData("1:0/3:end", 0)]
    [InlineData("2:0/2:end", 0)]
    [InlineData("1:0/1:end", 0)]
    [InlineData("1:0/2:end", 1)]
    public void AgeOf_OtherPlaceOrTime_HasMoved(string position, int seconds)
    {
        var history = new WatermarkHistory(isSourceKnown: false);
        history.AgeOf(Mark(2, Epoch), TimeSpan.Zero, Epoch);

        Assert.IsType<WatermarkAge.Known>(
            history.AgeOf(
                new Watermark("shop", Position.Parse(position), Epoch.AddSeconds(seconds)),
                TimeSpan.Zero,
                Epoch.AddSeconds(1)
            )
        );
    }

    [Theory]
    [InlineData(0, 10, 10.0)] // no look ever: the gateway's clock minus the watermark's
    [InlineData(0, -5, 0.0)]
    [InlineData(0, -6, null)]
    [InlineData(-100, 10, null)] // the gateway's clock is behind the source's by more than any lag explains
    public void AgeOf_SourceNotLookedAt_IsThatOfTheClocks(int gateway, int behind, double? age)
    {
        var history = new WatermarkHistory(isSourceKnown: false);
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch);

        var found = history.AgeOf(Mark(2, Epoch), TimeSpan.Zero, Epoch.AddSeconds(gateway + behind));

        Assert.Equal(
            age is { } known
                ? new WatermarkAge.Known(TimeSpan.FromSeconds(known))
                : new WatermarkAge.Unknown(CallGraphReason.ClockAhead),
            found
        );
    }

    /// <summary>
    /// A source that was looked at and no longer can be: only what had been committed by the last look is known.
    /// </summary>
    [Fact]
    public void AgeOf_LooksHaveCeased_GrowsWhateverTheClocksSay()
    {
        var history = new WatermarkHistory(isSourceKnown: true);
        history.Look(new ObservedSourceLsn(TimeSpan.FromSeconds(3), Server, new Lsn(2)));
        history.AgeOf(Mark(1, Epoch), TimeSpan.FromSeconds(4), Epoch.AddHours(-7));

        var age = history.AgeOf(Mark(2, Epoch.AddSeconds(20)), TimeSpan.FromSeconds(30), Epoch.AddSeconds(20));

        Assert.Equal(new WatermarkAge.Known(TimeSpan.FromSeconds(27)), age);
    }

    [Fact]
    public void AgeOf_NoLookPassed_IsStale()
    {
        var history = new WatermarkHistory(isSourceKnown: true);
        history.AgeOf(Mark(0, Epoch), TimeSpan.Zero, Epoch);
        Assert.Equal(
            new WatermarkAge.Unknown(CallGraphReason.Stale),
            history.AgeOf(Mark(2, Epoch), TimeSpan.Zero, Epoch)
        ); // no look yet
        history.Look(new ObservedSourceLsn(TimeSpan.Zero, Server, new Lsn(100)));
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch);

        Assert.Equal(
            new WatermarkAge.Unknown(CallGraphReason.Stale),
            history.AgeOf(Mark(98, Epoch), TimeSpan.Zero, Epoch)
        );
        Assert.Equal(new WatermarkAge.Known(TimeSpan.Zero), history.AgeOf(Mark(99, Epoch), TimeSpan.Zero, Epoch));
    }

    /// <summary>
    /// The watermark has passed no look at a source that was restored to an older state, whatever its LSN: with another
    /// run of its server, or with the same one if the machine's memory was restored as well.
    /// </summary>
    [Theory]
    [InlineData("another", 50, 2)]
    [InlineData("another", 150, 2)]
    [InlineData(Server, 50, 2)]
    public void AgeOf_SourcePutBack_IsUnknownUntilTheLogIsComparedAnew(string server, ulong lsn, long number)
    {
        var history = new WatermarkHistory(isSourceKnown: true);
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch);
        history.Look(new ObservedSourceLsn(TimeSpan.FromSeconds(1), Server, new Lsn(100)));
        Assert.Equal(new WatermarkAge.Known(TimeSpan.FromSeconds(1)), AgeOf(Mark(200, Epoch)));
        history.Look(new ObservedSourceLsn(TimeSpan.FromSeconds(2), server, new Lsn(lsn)));

        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.SourceUnverified), AgeOf(Mark(200, Epoch)));
        Assert.Equal(
            new WatermarkAge.Unknown(CallGraphReason.SourceUnverified),
            AgeOf(Mark(200, Epoch) with { Verification = null })
        );
        Assert.False(history.IsVerified(server));
        Assert.Equal(new WatermarkAge.Known(TimeSpan.Zero), AgeOf(Mark(200, Epoch, number, server)));
        Assert.True(history.IsVerified(server));
        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.Stale), AgeOf(Mark(40, Epoch, number, server)));

        WatermarkAge AgeOf(Watermark watermark) => history.AgeOf(watermark, TimeSpan.FromSeconds(2), Epoch);
    }

    /// <summary>A verification alone changes nothing: the documents are as old as before.</summary>
    [Fact]
    public void AgeOf_OnlyTheVerificationIsAnother_HasNotMoved()
    {
        var history = new WatermarkHistory(isSourceKnown: false);
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch);

        var age = history.AgeOf(Mark(1, Epoch, number: 2), TimeSpan.Zero, Epoch);

        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.NotMoved), age);
    }

    [Fact]
    public void AgeOf_ManyLooks_StaysBoundedAndKnowsOldOnes()
    {
        var history = new WatermarkHistory(isSourceKnown: true);
        history.AgeOf(Mark(1, Epoch), TimeSpan.Zero, Epoch);
        for (var i = 0; i < 20_000; i++)
            history.Look(new ObservedSourceLsn(TimeSpan.FromSeconds(i), Server, new Lsn((ulong)(1_000 + i))));

        var oldest = history.AgeOf(Mark(3_000, Epoch), TimeSpan.FromSeconds(20_000), Epoch);
        var recent = Assert.IsType<WatermarkAge.Known>(
            history.AgeOf(Mark(20_990, Epoch), TimeSpan.FromSeconds(20_000), Epoch)
        );
        var old = Assert.IsType<WatermarkAge.Known>(
            history.AgeOf(Mark(6_000, Epoch), TimeSpan.FromSeconds(20_000), Epoch)
        );

        Assert.Equal(new WatermarkAge.Unknown(CallGraphReason.Stale), oldest);
        // the look at 19,991 s saw 20,991, the place after the commit
        Assert.Equal(TimeSpan.FromSeconds(9), recent.Age);
        Assert.Equal(TimeSpan.FromSeconds(14_999), old.Age);
    }

    private const string Server = "2026-11-24T11:00:00.000000Z";

    private static Watermark Mark(ulong commit, DateTimeOffset at, long number = 1, string server = Server) =>
        new("shop", Position.EndOf(1, new Lsn(commit)), at) { Verification = new(number, server) };

    /// <summary>
    /// A source that commits, a pipeline with a lag, and a gateway that looks at the source and asks the pipeline. A
    /// tick is 100 ms.
    /// </summary>
    private sealed class World(Random random)
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
        private readonly WatermarkHistory _history = new(isSourceKnown: true);
        private readonly List<(TimeSpan At, ulong Start, ulong End)> _commits = [];
        private readonly Queue<(TimeSpan At, Watermark Mark, int Commits)> _pipeline = new();
        private TimeSpan _now = TimeSpan.FromHours(1);
        private ulong _insert = 1_000;
        private (Watermark Mark, int Commits) _applied = (Mark(900, Epoch), 0);
        private TimeSpan _stalledUntil;
        private bool _held;
        private (ObservedSourceLsn Look, TimeSpan Comes)? _look;

        public bool Looks { get; init; }

        public TimeSpan SourceAhead { get; set; }

        public TimeSpan GatewayAhead { get; set; }

        /// <summary>The time since the oldest commit that the documents lack.</summary>
        public TimeSpan TrueAge =>
            _commits.Count > _applied.Commits ? _now - _commits[_applied.Commits].At : TimeSpan.Zero;

        public void Tick(bool jumps, bool stalls, bool? holds)
        {
            _now += Step;
            if (jumps)
                SourceAhead += TimeSpan.FromSeconds(random.Next(-200, 200));
            if (jumps)
                GatewayAhead += TimeSpan.FromSeconds(random.Next(-200, 200));
            if (stalls)
                _stalledUntil = _now + TimeSpan.FromSeconds(random.Next(20));
            _held = holds ?? _held;
            if (random.Next(4) == 0)
            {
                _commits.Add((_now, _insert, _insert + 50));
                _insert += 50;
                Send(Mark(_insert - 50, Epoch + _now + SourceAhead));
            }
            else if (_now.Milliseconds % 500 == 0)
                Send(Mark(_insert - 1, Epoch + _now + SourceAhead)); // progress
            while (_now >= _stalledUntil && _pipeline.TryPeek(out var next) && next.At <= _now)
                _applied = (_pipeline.Dequeue().Mark, next.Commits);
            LookSometimes();
        }

        public WatermarkAge Ask() => _history.AgeOf(_applied.Mark, _now, Epoch + _now + GatewayAhead);

        private void Send(Watermark mark) => _pipeline.Enqueue((_now + Step * random.Next(1, 5), mark, _commits.Count));

        /// <summary>A look sees the source at some time between being sent and received.</summary>
        private void LookSometimes()
        {
            if (_look is { } look)
            {
                if (look.Comes > _now)
                    return;
                _history.Look(look.Look);
                _look = null;
            }
            if (Looks && !_held)
                _look = (new ObservedSourceLsn(_now - Step, Server, new Lsn(_insert)), _now + Step * random.Next(1, 4));
        }
    }
}
