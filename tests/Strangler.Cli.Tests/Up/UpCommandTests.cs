using Strangler.Cli.Commands;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class UpCommandTests
{
    [Theory]
    [InlineData(ExitCode.Success, "a warning")]
    [InlineData(ExitCode.Defect, "a stack trace")]
    public void FaultsOf_CheckThatFoundNoFault_StartsTheParts(int exitCode, string line) =>
        Assert.Empty(UpCommand.FaultsOf(exitCode, [line], ["strangler.json"]));

    [Fact]
    public void FaultsOf_CheckThatFoundFaults_ShowsThem() =>
        Assert.Equal(
            ["strangler: Gateway:Urls: It is taken."],
            UpCommand.FaultsOf(ExitCode.Fault, ["strangler: Gateway:Urls: It is taken."], ["strangler.json"])
        );

    /// <summary>On a busy machine the lines may arrive after the process is known to have ended.</summary>
    [Fact]
    public void FaultsOf_LinesThatAreLate_StillStartsNothing()
    {
        var line = Assert.Single(UpCommand.FaultsOf(ExitCode.Fault, [], ["strangler.json"]));

        Assert.StartsWith("strangler: strangler.json: The configuration has faults.", line, StringComparison.Ordinal);
        Assert.Contains(
            "'strangler check --configuration-only --config strangler.json'",
            line,
            StringComparison.Ordinal
        );
    }
}
