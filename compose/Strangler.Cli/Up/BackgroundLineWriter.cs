using System.Collections.Concurrent;
using System.Globalization;

namespace Strangler.Cli.Up;

/// <summary>
/// Writes lines on a separate thread. At most a thousand wait. If nobody reads them, or they can't be written, lines
/// are left out and counted: callers never wait and never fail.
/// </summary>
internal sealed class BackgroundLineWriter : IDisposable
{
    public const int MaxWaiting = 1_000;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);
    private readonly BlockingCollection<string> _waiting = new(MaxWaiting);
    private readonly Thread _thread;
    private long _leftOut;

    public BackgroundLineWriter(TextWriter writer)
    {
        _thread = new Thread(() => Write(writer)) { IsBackground = true, Name = "lines" };
        _thread.Start();
    }

    public void Say(string line)
    {
        if (!_waiting.IsAddingCompleted && !_waiting.TryAdd(line))
            Interlocked.Increment(ref _leftOut);
    }

    /// <summary>Waits briefly for pending lines.</summary>
    public void Dispose()
    {
        _waiting.CompleteAdding();
        _thread.Join(DrainLimit);
    }

    private void Write(TextWriter writer)
    {
        foreach (var line in _waiting.GetConsumingEnumerable())
        {
            try
            {
                if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
                    writer.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"… {leftOut} lines were left out, since nobody took them …"
                        )
                    );
                writer.WriteLine(line);
            }
            catch (Exception) { } // a disk that is full now may accept the next line
        }
    }
}
