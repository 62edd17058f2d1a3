using System.Collections.Concurrent;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.Cli.Tests.Processes;

public sealed class LineProcessTests
{
    /// <summary>A part's code that writes without ever ending a line doesn't fill our memory.</summary>
    [Fact]
    public async Task Start_OutputWithoutAnEndOfLine_IsPassedOnCut()
    {
        var lines = new ConcurrentQueue<(bool Error, string Text)>();
        using var process = LineProcess.Start(
            ["bash", "-c", "head -c 8000000 /dev/zero | tr '\\0' x; echo; echo last; printf unended >&2"],
            new Dictionary<string, string?>(),
            null,
            (error, line) => lines.Enqueue((error, line)),
            TimeProvider.System
        );

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [BoundedLineReader.MaxBytes + BoundedLineReader.CutMark.Length, "last".Length],
            lines.Where(line => !line.Error).Select(line => line.Text.Length)
        );
        Assert.Equal((true, "unended"), Assert.Single(lines, line => line.Error));
    }
}
