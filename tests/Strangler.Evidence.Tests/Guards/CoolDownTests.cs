using Strangler.Evidence.Guards;
using Xunit;

namespace Strangler.Evidence.Tests.Guards;

public sealed class CoolDownTests
{
    private static readonly GuardRules Rules = new()
    {
        CoolDown = TimeSpan.FromMinutes(10),
        MaxCoolDown = TimeSpan.FromHours(1),
    };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 60)]
    [InlineData(int.MaxValue, 60)]
    public void Length_EachTrip_DoublesItUpToTheLimit(int level, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), CoolDown.Length(Rules, level));

    [Fact]
    public void Level_AWeekWithoutTrips_SetsItBack()
    {
        Assert.Equal(3, CoolDown.Level([.. Ago(1, 6, 12)]));
        Assert.Equal(2, CoolDown.Level([.. Ago(1, 6, 14)]));
        Assert.Equal(0, CoolDown.Level([]));
        Assert.Equal(CoolDown.MaxTrips, CoolDown.Level([.. Ago([.. Enumerable.Range(0, 50)])]));
    }

    [Fact]
    public void Left_OfTheNewestTrip_IsWhatHasNotPassed()
    {
        GuardTrip[] trips = [new("wrong", TimeSpan.FromMinutes(5)), new("wrong", TimeSpan.FromMinutes(60))];

        Assert.Equal(TimeSpan.FromMinutes(15), CoolDown.Left(Rules, trips));
        Assert.Equal(TimeSpan.Zero, CoolDown.Left(Rules, [new("wrong", TimeSpan.FromMinutes(11))]));
        Assert.Equal(TimeSpan.Zero, CoolDown.Left(Rules, []));
    }

    private static IEnumerable<GuardTrip> Ago(params int[] days) =>
        days.Select(day => new GuardTrip("wrong", TimeSpan.FromDays(day)));
}
