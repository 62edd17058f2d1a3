using Strangler.Gateway.Health;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

public sealed class ClockOffsetTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(120.0, 0.01, "120.0 s ahead of")]
    [InlineData(-3.5, 0.01, "3.5 s behind")]
    [InlineData(0.9, 0.01, null)]
    [InlineData(4.0, 8.0, null)] // the answer took so long that nothing is certain
    public void Of_Clock_IsToldWhereItIsCertainlyOff(double ahead, double trip, string? told)
    {
        var offset = ClockOffset.Of(Now.AddSeconds(ahead - trip / 2), TimeSpan.FromSeconds(trip), Now);

        Assert.Equal(ahead, offset.Ahead.TotalSeconds, 3);
        if (told is null)
            Assert.Null(offset.Sentence);
        else
            Assert.Contains(told, offset.Sentence, StringComparison.Ordinal);
    }
}
