using Strangler.Demo.Sample;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class GuardSceneTests : IShop
{
    private readonly Routes _routes = new(_ => null);
    private readonly GuardScene _scene;
    private int _changes,
        _looks;

    public GuardSceneTests() => _scene = new GuardScene(_routes, this);

    Task IShop.LookAsync(CancellationToken cancellationToken)
    {
        _looks++;
        return Task.CompletedTask;
    }

    Task IShop.AddSurchargeAsync(CancellationToken cancellationToken)
    {
        _changes++;
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Step_ARouteIsNotInTheLookup_ChangesNothing()
    {
        Enter("availability", "item");

        await ToAsync(100);

        Assert.Equal((0, 0, false), (_changes, _looks, _scene.IsUnderWay));
        Assert.Null(_scene.Sum());
    }

    [Fact]
    public async Task Step_AllAreInTheLookup_ChangesTheSettingOnceAndWaitsForGuardAndCause()
    {
        Enter([.. SampleConfiguration.RouteIds]);

        await ToAsync(4);
        Assert.Equal((0, true), (_changes, _scene.IsUnderWay));
        Assert.True(_looks >= 10);
        await ToAsync(8);
        Assert.Equal((1, true), (_changes, _scene.IsUnderWay));
        _routes.Trip = new("shadow", "Guard 'wrong': 1 part was wrong.", null);
        await ToAsync(10);
        Assert.True(_scene.IsUnderWay);
        _routes.Trip = _routes.Trip with { Cause = "Legacy changed." };
        await ToAsync(30);

        Assert.Equal((1, false), (_changes, _scene.IsUnderWay));
        Assert.Equal(
            new GuardSummary("item", 5, 9, "shadow", "Guard 'wrong': 1 part was wrong.", "Legacy changed."),
            _scene.Sum()
        );
        Assert.Equal(
            [
                "0:05  legacy adds a surcharge of 3 % to each price, by a setting that no projection declares: what "
                    + "the lookup answers on route 'item' is wrong from now on",
                "0:09  route 'item' went back to stage shadow by itself. Guard 'wrong': 1 part was wrong.",
                "0:11  Legacy changed.",
            ],
            _scene.Lines
        );
    }

    [Fact]
    public async Task Step_GuardOrCauseNeverComes_Ends()
    {
        Enter([.. SampleConfiguration.RouteIds]);

        await ToAsync(46);
        var summary = _scene.Sum();

        Assert.False(_scene.IsUnderWay);
        Assert.Equal(new GuardSummary("item", 5, null, null, null, null), summary);
    }

    private void Enter(params string[] routes)
    {
        foreach (var route in routes)
            _routes.Stages[route] = "lookup";
    }

    private int _now;

    /// <summary>Steps once a second until a second.</summary>
    private async Task ToAsync(int second)
    {
        for (; _now <= second; _now++)
            await _scene.StepAsync(
                TimeSpan.FromSeconds(_now),
                await _routes.ReadAsync(TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken
            );
    }
}
