using Strangler.Projections;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Waits for conditions, with a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <value>Two minutes: the machine may be busy, and a test that passes never waits for it.</value>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Returns once <paramref name="condition"/> holds, and fails the test with <paramref name="otherwise"/> if it
    /// doesn't in time. While the store doesn't respond, it doesn't hold.
    /// </summary>
    public static Task TrueAsync(
        Func<Task<bool>> condition,
        Func<string> otherwise,
        CancellationToken cancellationToken
    ) => TrueAsync(condition, otherwise, Limit, cancellationToken);

    /// <summary>The same with a longer limit.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        Func<string> otherwise,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await HoldsAsync(condition))
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                Assert.Fail(otherwise());
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (AnswersUnavailableException)
        {
            return false; // a store that a test has stopped returns, and a busy machine has time a little later
        }
    }
}
