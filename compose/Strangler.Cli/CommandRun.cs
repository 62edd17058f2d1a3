using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>
/// Runs what a command does and turns the ways in which it can end into exit codes and words for a person.
/// </summary>
internal static class CommandRun
{
    /// <summary>128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <param name="server">Whether ending on demand is what it is meant to do.</param>
    /// <param name="untilInputEnds">Whether it ends when its standard input ends, as children of <c>up</c> do.</param>
    /// <param name="run">The command.</param>
    /// <param name="heard">
    /// Gets what is written to its standard input, a line at a time, where that ends it; null: nothing is wanted.
    /// </param>
    public static async Task<int> RunAsync(
        bool server,
        bool untilInputEnds,
        Func<CancellationToken, Task<int>> run,
        Action<string>? heard = null
    )
    {
        using var shutdown = new Shutdown(untilInputEnds, heard);
        try
        {
            return await run(shutdown.Token);
        }
        catch (FaultException exception)
        {
            FaultLines.Write(Console.Error, exception.Faults);
            return ExitCode.Fault;
        }
        catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
        {
            return server ? ExitCode.Success : Interrupted;
        }
#pragma warning disable CA1031 // the last place that can say what happened
        catch (Exception exception)
#pragma warning restore CA1031
        {
            using var logs = ConsoleLoggerFactory.Create(null);
            logs.CreateLogger("Strangler").Defect(exception);
            return ExitCode.Defect;
        }
    }
}
