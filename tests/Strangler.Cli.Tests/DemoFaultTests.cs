using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class DemoFaultTests
{
    [Fact]
    public async Task Demo_FaultList_NamesThemOneALineAndStartsNothing()
    {
        var (code, output, errors) = await StranglerProgram.RunAsync(
            AppContext.BaseDirectory,
            "demo",
            "--fault",
            "list"
        );

        Assert.Equal((ExitCode.Success, ""), (code, errors));
        var lines = output.TrimEnd().Split('\n').Select(line => line.Split('\t')).ToList();
        Assert.InRange(lines.Count, 10, 100);
        Assert.All(lines, line => Assert.Equal(2, line.Length));
        Assert.Contains(
            lines,
            line => line is ["wrong-unit", "A store's backroom is counted in packs instead of pieces."]
        );
    }

    [Fact]
    public async Task Demo_FaultThatIsNone_NamesThoseThereAreAndExitsWithTwo()
    {
        var (code, output, errors) = await StranglerProgram.RunAsync(
            AppContext.BaseDirectory,
            "demo",
            "--fault",
            "wrong-planet"
        );

        BadInputTests.AssertFault(
            "--fault: The fault 'wrong-planet' doesn't exist. There are wrong-unit,",
            code,
            output,
            errors
        );
    }
}
