using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Store;
using Xunit;

namespace Strangler.ChangeLog.Tests;

public sealed class StorePatienceTests
{
    [Fact]
    public void Lasts_FailuresInARow_UntilTheLimitAndAnewAfterAMinuteWithout()
    {
        var time = new FakeTimeProvider();
        var patience = new StorePatience(TimeSpan.FromMinutes(2), time);

        bool After(int seconds)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return patience.Lasts();
        }

        Assert.Equal(
            [true, true, true, false, false, true, true],
            [After(500), After(59), After(59), After(2), After(30), After(61), After(60)]
        );
    }
}
