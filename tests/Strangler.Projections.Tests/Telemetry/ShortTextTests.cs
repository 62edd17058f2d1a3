using Strangler.Projections.Telemetry;
using Xunit;

namespace Strangler.Projections.Tests.Telemetry;

public sealed class ShortTextTests
{
    [Fact]
    public void Of_LongText_IsItsBeginningAndNoHalfCharacter()
    {
        var (fits, beyond, parted) = (new string('x', 400), new string('x', 401), new string('x', 399) + "\U0001F600");

        Assert.Equal(fits, ShortText.Of(fits));
        Assert.Equal(fits + "…", ShortText.Of(beyond));
        Assert.Equal(new string('x', 399) + "…", ShortText.Of(parted));
    }
}
