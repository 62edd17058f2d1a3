using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>A completed run of a program.</summary>
/// <param name="Command">What was run.</param>
/// <param name="Code">Its exit code.</param>
/// <param name="Lines">The lines of both its outputs.</param>
internal sealed record ProgramRun(string Command, int Code, IReadOnlyList<string> Lines)
{
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="environment">Variables in addition to ours.</param>
    /// <param name="limit">How long it may take.</param>
    public static async Task<ProgramRun> RunAsync(
        IReadOnlyList<string> command,
        string folder,
        IReadOnlyDictionary<string, string?> environment,
        TimeSpan limit
    )
    {
        var lines = new List<string>();
        using var process = LineProcess.Start(
            command,
            environment,
            folder,
            (_, line) =>
            {
                lock (lines)
                    lines.Add(line);
            },
            TimeProvider.System
        );
        process.EndInput();
        var text = string.Join(' ', command);
        if (await process.WaitForExitAsync(limit))
            return new(text, process.ExitCode, lines);
        await process.KillAsync();
        Assert.Fail($"'{text}' did not end within {limit}. It said:\n{string.Join('\n', lines)}");
        return null!;
    }

    /// <summary>Asserts that it succeeded.</summary>
    public void AssertDone() => Assert.True(Code == 0, $"'{Command}' ended with {Code}:\n{string.Join('\n', Lines)}");
}
