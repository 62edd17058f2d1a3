using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>A completed run of a command, as a person runs it.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">The lines of its standard output.</param>
/// <param name="Errors">The lines of its standard error.</param>
internal sealed record CommandRun(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Runs <c>strangler</c> with arguments, within the tests' usual limit.</summary>
    public static async Task<CommandRun> Async(params string[] arguments)
    {
        var (output, errors) = (new List<string>(), new List<string>());
        using var process = LineProcess.Start(
            [.. RunningSystem.Strangler, .. arguments],
            new Dictionary<string, string?>(),
            null,
            (error, line) =>
            {
                var lines = error ? errors : output;
                lock (lines)
                    lines.Add(line);
            },
            TimeProvider.System
        );
        process.EndInput();
        if (await process.WaitForExitAsync(Until.Limit))
            return new(process.ExitCode, output, errors);
        await process.KillAsync();
        Assert.Fail(
            $"'strangler {string.Join(' ', arguments)}' did not end. "
                + $"It said: {string.Join('\n', output.Concat(errors))}"
        );
        return null!;
    }

    /// <summary>Asserts that it succeeded and wrote nothing but its output.</summary>
    public void AssertDone()
    {
        Assert.Empty(Errors);
        Assert.Equal(ExitCode.Success, Code);
    }

    /// <summary>
    /// Asserts that it reported a fault: in sentences on standard error, each with our name first, without a stack
    /// trace.
    /// </summary>
    public void AssertFault(string sentence)
    {
        Assert.Contains(sentence, string.Join('\n', Errors), StringComparison.Ordinal);
        Assert.All(Errors, line => Assert.StartsWith("strangler: ", line, StringComparison.Ordinal));
        Assert.Empty(Output);
        Assert.Equal(ExitCode.Fault, Code);
    }
}
