using System.Diagnostics;

namespace Strangler.Demo.Processes;

/// <summary>Runs a program until it ends.</summary>
internal static class ProgramRun
{
    /// <inheritdoc cref="Async(IReadOnlyList{string}, IReadOnlyDictionary{string, string}, CancellationToken)"/>
    public static Task<(int Code, string Output)> Async(
        IReadOnlyList<string> command,
        CancellationToken cancellationToken
    ) => Async(command, new Dictionary<string, string>(), cancellationToken);

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables in addition to ours.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>The exit code, and the text of both outputs.</returns>
    public static async Task<(int Code, string Output)> Async(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process =
            Process.Start(start) ?? throw new InvalidOperationException($"'{command[0]}' did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, errors + await output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
