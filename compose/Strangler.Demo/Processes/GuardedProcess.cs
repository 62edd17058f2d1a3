using Strangler.Foundation.Processes;

namespace Strangler.Demo.Processes;

/// <summary>
/// A child process that ends when we do, however we end: a shell in between waits for the end of its standard input.
/// The child's own input is empty, and a Ctrl-C at the terminal doesn't reach it, so that we decide the order in which
/// processes end.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    // A background job ignores INT and QUIT until it installs its own handlers (bash, "Signals"). Words on the input
    // are signals for the child; the end of the input sends the first argument.
    private const string Guard = """
        trap '' INT
        exec 3<&0
        end=$1; shift
        "$@" </dev/null 3<&- & child=$!
        (
            while read -r word <&3; do kill -s "$word" $child; done
            kill -s "$end" $child
            sleep 10
            kill -s KILL $child
        ) >/dev/null 2>&1 & reader=$!
        exec 3<&-
        wait $child; code=$?
        kill -s KILL $reader
        exit $code
        """;
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly LineProcess _guard;
    private readonly string _endSignal;

    private GuardedProcess(LineProcess guard, string endSignal) => (_guard, _endSignal) = (guard, endSignal);

    public bool HasExited => _guard.HasExited;

    /// <summary>The child's exit code, or 128 plus the signal's number if a signal ended it.</summary>
    public int ExitCode => _guard.ExitCode;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables in addition to ours; null removes one.</param>
    /// <param name="line">
    /// Gets each line that the child writes, on standard error (true) or output (false), from any thread.
    /// </param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="endSignal">The signal for a clean shutdown.</param>
    public static GuardedProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string?> environment,
        Action<bool, string> line,
        TimeProvider time,
        string endSignal = "TERM"
    ) =>
        new(
            LineProcess.Start(["bash", "-c", Guard, "guard", endSignal, .. command], environment, "/", line, time),
            endSignal
        );

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _guard.WaitForExitAsync(cancellationToken);

    /// <summary>
    /// Ends the child with a signal, by default its end signal, and kills it if that takes longer than ten seconds.
    /// </summary>
    public async Task EndAsync(string? signal = null)
    {
        if (_guard.HasExited)
            return;
        await _guard.WriteAsync(signal ?? _endSignal);
        if (await _guard.WaitForExitAsync(EndLimit))
            return;
        await _guard.WriteAsync("KILL");
        await _guard.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _guard.Dispose();
    }
}
