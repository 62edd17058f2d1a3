using Strangler.Foundation.Faults;

namespace Strangler.Cli;

/// <summary>Runs a command and turns its possible outcomes into exit codes and messages.</summary>
internal static class CommandRun
{
    /// <summary>128 plus the number of SIGINT, as in shells.</summary>
    public const int Interrupted = 130;

    /// <summary>A command that ends by itself.</summary>
    public static Task<int> OnceAsync(Func<CancellationToken, Task<int>> run) =>
        RunAsync(server: false, untilInputEnds: false, run);

    /// <param name="server">Whether stopping on request is its normal end.</param>
    /// <param name="untilInputEnds">Whether it stops when its standard input ends, as children of <c>up</c> do.</param>
    /// <param name="run">The command.</param>
    /// <param name="heard">
    /// Gets each line of its standard input, if the input's end stops it; null: the lines are ignored.
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
#pragma warning disable CA1031 // the last place that can report what happened
        catch (Exception exception)
#pragma warning restore CA1031
        {
            using var logs = ConsoleLoggerFactory.Create(null);
            logs.CreateLogger("Strangler").Defect(exception);
            return ExitCode.Defect;
        }
    }
}
