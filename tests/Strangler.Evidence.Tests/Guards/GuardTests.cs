using Strangler.Evidence.Guards;
using Xunit;

namespace Strangler.Evidence.Tests.Guards;

public sealed class GuardTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A route on which everything is known and in order.</summary>
    private static readonly GuardFigures Good = new()
    {
        IsCompared = true,
        Right = 100,
        Windows = [Window(2, 40), Window(10, 200), Window(60, 1_200)],
        LegacyAnswers = 1_000,
        LegacyErrors = 10,
        LegacyP99 = 20,
        LookupP99 = 5,
        LookupAnswers = 200,
        Lag = Second,
        Stuck = TimeSpan.Zero,
    };

    private static readonly GuardRules All = new()
    {
        MaxWrong = 2,
        MaxMismatchRate = 0.1,
        MaxErrors = 0.05,
        MaxFallbacks = 0.5,
        MaxLag = 10 * Second,
        MaxStuck = 10 * Second,
        MaxSlowdown = 2,
    };

    /// <summary>Each rule has figures at its limit, beyond it, and unknown ones.</summary>
    private static readonly List<(string Rule, GuardFigures At, GuardFigures Beyond, GuardFigures? Unknown)> Cases =
    [
        (Guard.Wrong, Good with { Wrong = 2 }, Good with { Wrong = 3 }, Good with { IsCompared = false }),
        (
            Guard.MaxMismatchRate,
            Good with
            {
                Wrong = 10,
            },
            Good with
            {
                Wrong = 40,
            },
            Good with
            {
                SinceCompared = 6 * Guard.MaxSilence,
            }
        ),
        (Guard.MaxErrors, Errors(2), Errors(4), Good with { LegacyAnswers = 19 }),
        (Guard.MaxFallbacks, Fallbacks(20), Fallbacks(21), null),
        (Guard.MaxLag, Good with { Lag = 10 * Second }, Good with { Lag = 11 * Second }, Good with { Lag = null }),
        (
            Guard.MaxStuck,
            Good with
            {
                Stuck = 10 * Second,
            },
            Good with
            {
                Stuck = 11 * Second,
            },
            Good with
            {
                Stuck = null,
            }
        ),
        (Guard.MaxSlowdown, Good with { LookupP99 = 40 }, Good with { LookupP99 = 41 }, Good with { LegacyP99 = null }),
    ];

    public static TheoryData<string> Rules => [.. Cases.Select(one => one.Rule)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Judge_AtBeyondAndUnknown_IsArmedTrippedAndBlind(string rule)
    {
        var (_, at, beyond, unknown) = Cases.Single(one => one.Rule == rule);

        Assert.Equal(GuardState.Armed, StateOf(rule, at));
        Assert.Equal(GuardState.Tripped, StateOf(rule, beyond));
        if (unknown is not null)
            Assert.Equal(GuardState.Blind, StateOf(rule, unknown));
        Assert.Equal(rule, Assert.Single(Judged(beyond), line => line.State == GuardState.Tripped).Name);
    }

    [Fact]
    public void Judge_NothingIsKnown_TripsNothing() =>
        Assert.DoesNotContain(Judged(new GuardFigures()), line => line.State == GuardState.Tripped);

    [Fact]
    public void Judge_FewRequests_AreNoShare()
    {
        var few = Good with { Windows = [new(2 * Second, 19, 19, 19), new(10 * Second, 19, 19, 19)] };

        Assert.Equal(GuardState.Armed, StateOf(Guard.MaxFallbacks, few));
        Assert.Equal(GuardState.Armed, StateOf(Guard.MaxErrors, few));
    }

    /// <summary>Two seconds of a fault trip, although the minute before it was good.</summary>
    [Fact]
    public void Judge_TheShortestWindowIsBad_Trips() =>
        Assert.Equal(
            GuardState.Tripped,
            StateOf(
                Guard.MaxFallbacks,
                Good with
                {
                    Windows = [new(2 * Second, 40, 40, 0), new(60 * Second, 1_200, 40, 0)],
                }
            )
        );

    [Fact]
    public void Judge_ByDefault_WatchesWrongAlone() =>
        Assert.Equal([Guard.Wrong], Guard.Judge(GuardRules.Default, Good).Select(line => line.Name));

    [Fact]
    public void Tripped_Several_IsTheGravest() =>
        Assert.Equal(Guard.Wrong, Guard.Tripped(Judged(Fallbacks(40) with { Wrong = 50, Lag = 60 * Second }))!.Name);

    private static GuardState StateOf(string rule, GuardFigures figures) =>
        Judged(figures).Single(line => line.Name == rule).State;

    private static IReadOnlyList<GuardLine> Judged(GuardFigures figures) =>
        Guard.Judge(figures.Wrong is 10 or 40 ? All with { MaxWrong = 50 } : All, figures);

    private static RequestWindow Window(int seconds, long asked) => new(seconds * Second, asked, 0, 0);

    private static GuardFigures Fallbacks(long count) => Good with { Windows = [new(2 * Second, 40, count, 0)] };

    private static GuardFigures Errors(long count) => Good with { Windows = [new(2 * Second, 40, 0, count)] };
}
