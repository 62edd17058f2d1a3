using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class CutoverTests
{
    private static readonly string[] All = ["availabilities", "availability", "item"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_GateThatLetsThrough_TakesEveryRouteToShadowAndThenToLookupOnce()
    {
        var routes = new Routes(_ => null);
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second <= 100; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);

        Assert.Equal(
            ["shadow", "shadow", "shadow", "lookup", "lookup", "lookup"],
            routes.Promoted.Select(one => one.Stage)
        );
        Assert.Equal(All, routes.Promoted.Take(3).Select(one => one.Route).Order(StringComparer.Ordinal));
        Assert.Equal(All, routes.Promoted.Skip(3).Select(one => one.Route).Order(StringComparer.Ordinal));
        Assert.Empty(cutover.Refused);
    }

    [Theory]
    [InlineData(9, 0)]
    [InlineData(10, 3)]
    [InlineData(84, 3)]
    [InlineData(85, 6)]
    public async Task Step_UpToASecond_HasDoneWhatWasDueByThen(int second, int promotions)
    {
        var routes = new Routes(_ => null);
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var at = 0; at <= second; at++)
            await cutover.StepAsync(TimeSpan.FromSeconds(at), Cancelled);

        Assert.Equal(promotions, routes.Promoted.Count);
    }

    [Fact]
    public async Task Step_GateThatRefuses_IsAskedAgainAndItsLastWordsAreKept()
    {
        var asked = 0;
        var routes = new Routes(route => route == "availability" ? $"no {++asked}" : null);
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second <= 100; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);

        Assert.Equal(4, asked);
        var (route, words) = Assert.Single(cutover.Refused);
        Assert.Equal(("availability", "no 4"), (route, Assert.Single(words).Problem));
        Assert.DoesNotContain(("availability", "lookup"), routes.Promoted);
        Assert.Contains(("item", "lookup"), routes.Promoted);
    }

    [Fact]
    public async Task Step_SomebodyElseWasQuicker_LeavesTheRouteWhereItIs()
    {
        var routes = new Routes(_ => null) { Stages = { ["item"] = "lookup" } };
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second <= 100; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);

        Assert.DoesNotContain(routes.Promoted, promoted => promoted.Route == "item");
        Assert.Equal(4, routes.Promoted.Count);
    }

    [Fact]
    public async Task Step_GateThatRefusesAtFirst_LeavesNoRefusal()
    {
        var asked = 0;
        var routes = new Routes(_ => asked++ < 3 ? "not yet" : null);
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second <= 100; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);

        Assert.Empty(cutover.Refused);
        Assert.Equal(6, routes.Promoted.Count);
    }

    [Fact]
    public async Task Step_StoreHasTooMuchToDo_IsTriedAgainInEitherStage()
    {
        var tries = new Dictionary<string, int>();
        var routes = new Routes(_ => null)
        {
            Busy = (route, stage) => (tries[route + stage] = tries.GetValueOrDefault(route + stage) + 1) == 1,
        };
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second < 12; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);
        Assert.Equal(All, cutover.Refused.Keys.Order(StringComparer.Ordinal));
        for (var second = 12; second <= 100; second++)
            await cutover.StepAsync(TimeSpan.FromSeconds(second), Cancelled);

        Assert.Empty(cutover.Refused);
        Assert.Equal(6, routes.Promoted.Count);
    }

    [Fact]
    public async Task Step_GateThatTakesItsTime_HoldsUpNeitherTheDemoNorTheOtherRoutesAndIsAskedOnce()
    {
        var (answer, asked) = (new TaskCompletionSource(), 0);
        var routes = new Routes(route => route == "availability" ? $"no {++asked}" : null)
        {
            Held = (route, cancellationToken) =>
                route == "availability" ? answer.Task.WaitAsync(cancellationToken) : Task.CompletedTask,
        };
        var cutover = new Cutover(routes, new DemoPlan(100));

        for (var second = 0; second <= 100; second++)
            await cutover
                .StepAsync(TimeSpan.FromSeconds(second), Cancelled)
                .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancelled);
        Assert.Equal([("availabilities", "lookup"), ("item", "lookup")], routes.Promoted.Skip(3));
        Assert.Empty(cutover.Refused);
        answer.SetResult();
        await cutover.EndAsync();

        var (route, words) = Assert.Single(cutover.Refused);
        Assert.Equal(("availability", "no 1"), (route, Assert.Single(words).Problem));
    }

    [Fact]
    public async Task End_CtrlCWhileAGateTakesItsTime_LeavesTheRouteAndSaysNothingOfIt()
    {
        var routes = new Routes(_ => null)
        {
            Held = (route, cancellationToken) =>
                route == "item"
                    ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    : Task.CompletedTask,
        };
        var cutover = new Cutover(routes, new DemoPlan(100));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        for (var second = 0; second <= 90; second++)
            await cutover
                .StepAsync(TimeSpan.FromSeconds(second), end.Token)
                .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancelled);

        await end.CancelAsync();
        await cutover.EndAsync();

        Assert.Equal("shadow", routes.Stages["item"]);
        Assert.Empty(cutover.Refused);
    }
}
