using System.Diagnostics;
using System.Runtime.InteropServices;
using Strangler.Foundation.Processes;

namespace Strangler.Cli;

/// <summary>
/// Asks a command to end: on SIGTERM and Ctrl-C, or, where another process started it and holds its standard input,
/// when that input ends. Then Ctrl-C at the terminal, which reaches every process of a group, is left to that other
/// process; and where ending takes too long we end hard, since nobody may be left to do it. What that other process
/// writes there is heard, a line at a time.
/// </summary>
internal sealed class Shutdown : IDisposable
{
    private static readonly TimeSpan HardLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan SameWish = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals;
    private readonly Action<string>? _heard;
    private long? _asked;

    /// <param name="untilInputEnds">Whether the end of standard input asks for it too.</param>
    /// <param name="heard">Gets each line of standard input; null: none is wanted.</param>
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

    // A second signal is not held back: whoever presses Ctrl-C again does not want to wait. What comes at once is the
    // same wish, told to the process and to its group.
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
            // An input that cannot be read, for whatever reason, has ended as well.
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
