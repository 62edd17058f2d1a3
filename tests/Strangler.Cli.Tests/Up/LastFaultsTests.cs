using System.Text;
using Strangler.Cli.Up;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class LastFaultsTests
{
    /// <summary>The line with the states of all parts is always one that the gateway reads whole.</summary>
    [Theory]
    [InlineData('x', 1)]
    [InlineData('x', 100)]
    [InlineData('x', 300_000)]
    [InlineData('\u0001', 900)]
    [InlineData('\u0001', 300_000)]
    [InlineData('"', 300_000)]
    [InlineData('日', 300_000)]
    public void Add_FaultsOfAnyLength_TheLineOfAllPartsIsReadWhole(char character, int length)
    {
        var text = new string(character, length);
        var faults = new LastFaults();
        for (var i = 0; i < 200; i++)
            faults.Add(FaultLines.Prefix + text);
        var error = ErrorLine.TextOf($"12:00:00.000 fail: A[1] {text}.")!;
        var now = TimeProvider.System.GetUtcNow();

        var line = PartState.ToLine([
            .. Enumerable
                .Range(0, 3)
                .Select(_ => new PartState("projections", true, now, 2, faults.Faults, now)
                {
                    LastError = new PartError(now, error),
                }),
        ]);

        Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, BoundedLineReader.MaxBytes);
        Assert.NotEmpty(faults.Faults);
    }

    [Fact]
    public void Add_ManyFaults_TheNewestAreKept()
    {
        var (few, longOnes) = (new LastFaults(), new LastFaults());

        for (var i = 0; i < 60; i++)
        {
            few.Add($"{FaultLines.Prefix}{i}");
            longOnes.Add($"{FaultLines.Prefix}{i} {new string('x', 2_000)}");
        }

        Assert.Equal(Enumerable.Range(10, 50).Select(i => $"{i}"), few.Faults);
        Assert.Equal(Enumerable.Range(49, 11).Select(i => $"{i}"), longOnes.Faults.Select(fault => fault[..2]));
        Assert.All(longOnes.Faults, fault => Assert.EndsWith("x…", fault, StringComparison.Ordinal));
    }
}
