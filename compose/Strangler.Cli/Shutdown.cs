using System.Diagnostics;
using System.Runtime.InteropServices;
using Strangler.Foundation.Processes;

namespace Strangler.Cli;

/// <summary>
/// Asks a command to stop: on SIGTERM and Ctrl-C, or, if another process started it and holds its standard input, when
/// that input ends. Then that other process handles Ctrl-C at the terminal, which reaches every process of a group; and
/// if stopping takes too long the process exits hard, because nobody else may be left to end it. Lines that the other
/// process writes to the input are passed on.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals;
    private readonly Action<string>? _heard;
    private long? _asked;

    /// <param name="untilInputEnds">Whether the end of standard input also asks to stop.</param>
    /// <param name="heard">Gets each line of standard input; null: they are ignored.</param>
    public Shutdown(bool untilInputEnds, Action<string>? heard = null)
    {
        _heard = heard;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Begin(context)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Begin(context)),
            PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                context =>
                {
                    if (untilInputEnds)
                        context.Cancel = true;
                    else
                        Begin(context);
                }
            ),
        ];
        if (untilInputEnds)
            new Thread(WatchInput) { IsBackground = true, Name = "end of input" }.Start();
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
    }

    // A second signal is not suppressed: a user who presses Ctrl-C again doesn't want to wait. A signal that follows
    // immediately is the same request, sent to the process and to its group.
    private void Begin(PosixSignalContext context)
    {
        lock (_source)
        {
            _asked ??= TimeProvider.System.GetTimestamp();
            context.Cancel = TimeProvider.System.GetElapsedTime(_asked.Value) < SameWish;
        }
        _source.Cancel();
    }

    private void WatchInput()
    {
        try
        {
            using var input = Console.OpenStandardInput();
            BoundedLineReader.Read(input, _heard ?? (static _ => { }));
        }
        catch (Exception)
        {
            // An input that can't be read, for whatever reason, has also ended.
        }
        using var limit = new Timer(
            static _ => Process.GetCurrentProcess().Kill(),
            null,
            HardLimit,
            Timeout.InfiniteTimeSpan
        );
        _source.Cancel();
        Thread.CurrentThread.Join();
    }
}
