using Strangler.CdcBridge.Sessions;
using Strangler.ChangeLog;
using Xunit;

namespace Strangler.CdcBridge.Tests.Sessions;

public sealed class AbandonedStreamsTests
{
    [Fact]
    public void After_AbandonedAtOnePlace_IsStuckAtEachFifthInARow()
    {
        var streams = AbandonedStreams.None;
        var abandoned = new SessionEnd.StreamAbandoned();
        var (end, later) = (Position.EndOf(1, new Lsn(16)), Position.EndOf(1, new Lsn(32)));

        bool[] Times(int count, SessionEnd ended, Position at) =>
            [.. Enumerable.Range(0, count).Select(_ => (streams = streams.After(ended with { End = at })).IsStuck)];

        Assert.Equal([false, false, false, false, true, false, false, false, false, true], Times(10, abandoned, end));
        Assert.Equal([false, false, false, false], Times(4, abandoned, later)); // the log went on
        Assert.Equal([false], Times(1, abandoned, end));
        Assert.Equal([false], Times(1, new SessionEnd.Failed(true, null), later));
        Assert.Equal([false, false, false, false, true], Times(5, abandoned, later));
    }
}
