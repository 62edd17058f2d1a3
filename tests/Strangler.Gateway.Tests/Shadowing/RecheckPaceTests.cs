using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

public sealed class RecheckPaceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0.01, 6, 0, 0.0099, true)]
    [InlineData(0.01, 6, 0, 0.01, false)]
    [InlineData(0.01, 6, 9.999, 0.5, false)]
    [InlineData(0.01, 6, 10, 0.5, true)]
    [InlineData(0.01, 0, 3600, 0.5, false)]
    [InlineData(1, 0, 0, 0.9999, true)]
    [InlineData(0, 6, 3600, 0, false)]
    public void Includes_ShareAndPace_AreBothKept(
        double share,
        int perMinute,
        double seconds,
        double draw,
        bool taken
    ) =>
        Assert.Equal(
            taken,
            RecheckPace.Includes(
                new RecheckModel { Share = share, MinPerMinute = perMinute },
                TimeSpan.FromSeconds(seconds),
                draw
            )
        );

    /// <summary>
    /// Whatever the seed: the share of many requests is the declared one, within six standard deviations.
    /// </summary>
    [Fact]
    public void TryTake_ManyRequestsAtOnce_TakesTheShare() =>
        Gen.Select(Gen.Long, Gen.Double[0.01, 0.5])
            .Sample(
                (seed, share) =>
                {
                    const int Requests = 20_000;
                    var turns = new RecheckTurns(Options(share, 0), seed, new FakeTimeProvider());

                    var taken = Enumerable.Range(0, Requests).Count(_ => turns.TryTake());

                    var deviation = Math.Sqrt(Requests * share * (1 - share));
                    return Math.Abs(taken - Requests * share) < 6 * deviation;
                },
                iter: 200
            );

    /// <summary>However rare the requests and small the share, a minute of steady requests has its few.</summary>
    [Fact]
    public void TryTake_SteadyRequestsOfASmallShare_TakesTheFewOfEachMinute()
    {
        var time = new FakeTimeProvider();
        var turns = new RecheckTurns(Options(1e-9, 6), 1, time);
        var taken = new List<DateTimeOffset>();
        var began = time.GetUtcNow();

        while (time.GetUtcNow() < began + Hour)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            if (turns.TryTake())
                taken.Add(time.GetUtcNow());
        }

        Assert.Equal(360, taken.Count);
        Assert.All(taken.Zip(taken.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(10), pair.Second - pair.First));
    }

    [Fact]
    public async Task TryTake_RequestsAtTheSameMoment_OneHasTheTurnByTime()
    {
        const int Requests = 4;
        var time = new MeetingTime();
        var turns = new RecheckTurns(Options(1e-9, 6), 1, time);
        using var meeting = new Barrier(Requests);
        (time.Now, time.Meeting) = (3_600, meeting);

        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, Requests)
                .Select(_ => Task.Factory.StartNew(turns.TryTake, TaskCreationOptions.LongRunning))
        );

        Assert.Single(taken, isTaken => isTaken);
    }

    private static RecheckModel Options(double share, int perMinute) =>
        new() { Share = share, MinPerMinute = perMinute };

    /// <summary>A clock in seconds, at which all requests look before one of them continues.</summary>
    private sealed class MeetingTime : TimeProvider
    {
        public long Now { get; set; }

        public Barrier? Meeting { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            Meeting?.SignalAndWait();
            return Now;
        }
    }
}
