using Microsoft.Extensions.Time.Testing;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Xunit;

namespace Strangler.Gateway.Tests.Fallbacks;

public sealed class FallbackBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Enter_AboveTheConcurrency_IsRefusedUntilOneLeaves()
    {
        var budget = Budget(new FallbackModel { MaxConcurrent = 2 });
        var first = Assert.IsType<FallbackEntry.Admitted>(budget.Enter());
        Assert.IsType<FallbackEntry.Admitted>(budget.Enter());

        Assert.Equal(FallbackLimit.Concurrent, Refused(budget));
        budget.Leave(first, FallbackEnd.Answered);

        Assert.IsType<FallbackEntry.Admitted>(budget.Enter());
    }

    [Fact]
    public void Enter_AboveTheRate_IsRefusedUntilTheSecondIsOver()
    {
        var budget = Budget(new FallbackModel { MaxPerSecond = 2 });
        for (var i = 0; i < 2; i++)
            budget.Leave(Assert.IsType<FallbackEntry.Admitted>(budget.Enter()), FallbackEnd.Answered);

        Assert.Equal(FallbackLimit.PerSecond, Refused(budget));
        _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.IsType<FallbackEntry.Admitted>(budget.Enter());
        Assert.Equal(FallbackLimit.PerSecond, Refused(budget));
    }

    /// <summary>What is refused takes no token, so the trial finds one.</summary>
    [Fact]
    public void Enter_WhileLegacyFails_OneTrialAtATimeUntilItAnswers()
    {
        var budget = Budget(
            new FallbackModel
            {
                MaxFailures = 2,
                MaxPerSecond = 2,
                RetryAfter = TimeSpan.FromSeconds(3),
            }
        );
        Assert.Null(Fail());
        Assert.True(Fail());

        Assert.Equal(FallbackLimit.Circuit, Refused(budget));
        Assert.Equal(TimeSpan.FromSeconds(3), ((FallbackEntry.Refused)budget.Enter()).RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(3));
        var trial = Assert.IsType<FallbackEntry.Admitted>(budget.Enter());
        Assert.True(trial.IsTrial);
        Assert.Equal(FallbackLimit.Circuit, Refused(budget));

        Assert.False(budget.Leave(trial, FallbackEnd.Answered));
        Assert.False(budget.IsCircuitOpen);
        Assert.IsType<FallbackEntry.Admitted>(budget.Enter());

        bool? Fail() => budget.Leave((FallbackEntry.Admitted)budget.Enter(), FallbackEnd.Failed);
    }

    [Fact]
    public void Enter_Presets_AreGenerous()
    {
        var budget = Budget(FallbackModel.Default);

        Assert.All(Enumerable.Range(0, 256), _ => Assert.IsType<FallbackEntry.Admitted>(budget.Enter()));
        Assert.Equal(FallbackLimit.Concurrent, Refused(budget));
    }

    private FallbackBudget Budget(FallbackModel limits) => new(limits, _time);

    private static FallbackLimit Refused(FallbackBudget budget) =>
        Assert.IsType<FallbackEntry.Refused>(budget.Enter()).Limit;
}
