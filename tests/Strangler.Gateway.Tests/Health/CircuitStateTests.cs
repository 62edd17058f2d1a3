using CsCheck;
using Strangler.Gateway.Health;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

public sealed class CircuitStateTests
{
    [Theory]
    [InlineData("fff", true)]
    [InlineData("ff", false)]
    [InlineData("ffaff", false)]
    [InlineData("ffaffaf", false)]
    [InlineData("ffaaafff", true)]
    [InlineData("fffa", true)] // a late answer to a look-up from before it opened
    [InlineData("fffn", true)]
    [InlineData("fffp", false)]
    [InlineData("fffpff", false)]
    [InlineData("fffpfff", true)]
    public void Next_Events_Table(string events, bool isOpen) => Assert.Equal(isOpen, After(events).IsOpen);

    /// <summary>It opens exactly after three consecutive failures, and closes only at an answered probe.</summary>
    [Fact]
    public void Next_AnyEvents_OpensAndClosesAsTheReferenceSays() =>
        Gen.Char["afnp"]
            .Array[0, 40]
            .Select(events => new string(events))
            .Sample(events =>
            {
                var (isOpen, inRow) = (false, 0);
                foreach (var one in events)
                {
                    if (one == 'p' && isOpen)
                        (isOpen, inRow) = (false, 0);
                    else if (!isOpen && one == 'f' && ++inRow == 3)
                        isOpen = true;
                    else if (!isOpen && one is 'a' or 'p')
                        inRow = 0;
                }
                Assert.Equal(isOpen, After(events).IsOpen);
            });

    [Fact]
    public void Failed_WhileOpen_KeepsWhenItOpened() => Assert.Equal(2, After("fffff").OpenSince);

    private static CircuitState After(string events)
    {
        var state = CircuitState.Closed;
        for (var i = 0; i < events.Length; i++)
        {
            state = events[i] switch
            {
                'f' => state.Failed(i),
                'a' => state.Answered(),
                'n' => state.Probed(false),
                _ => state.Probed(true),
            };
        }
        return state;
    }
}
