using Strangler.Gateway.Sessions;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>Which key signs, and which are accepted.</summary>
public sealed class SessionKeySetTests
{
    [Fact]
    public void Of_NewKey_SignsOnceEveryGatewayHasReadIt()
    {
        var before = SessionKeySet.Of([Key(1, 90_000), Key(2, 29)])!;
        var after = SessionKeySet.Of([Key(1, 90_000), Key(2, 30)])!;

        Assert.Equal((1, 2), (before.Signing.Id, after.Signing.Id));
        Assert.Equal([1, 2], new[] { after.Find(1)!.Id, before.Find(2)!.Id });
        Assert.Null(after.Find(3));
    }

    [Fact]
    public void Of_YoungKeysOnly_TheFirstSigns() =>
        Assert.Equal(1, SessionKeySet.Of([Key(1, 3), Key(2, 1)])!.Signing.Id);

    [Fact]
    public void Of_NoKey_IsNone() => Assert.Null(SessionKeySet.Of([]));

    /// <summary>
    /// A token lives as long after the last signature as keys were read before it; both before the key is removed.
    /// </summary>
    [Fact]
    public void Kept_LongerThanATokenOfAGatewayThatHasNotReadTheNextKey() =>
        Assert.True(SessionKeySet.Kept > SessionKeySet.MaxAge + SessionKeySet.MaxLife);

    private static SessionKey Key(int id, int seconds) => new(id, new byte[32], TimeSpan.FromSeconds(seconds));
}
