using Strangler.ChangeLog.Kafka.Client;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// The readers of a process: so many at a time, and the others wait. Some that nobody uses at the moment are kept. A
/// cursor is found again by its place, so that who reads on page by page never searches.
/// </summary>
internal sealed class ReaderPool(KafkaClients clients) : IDisposable
{
    /// <summary>Each has one or two clients, with threads, connections and buffers of their own.</summary>
    private const int MaxUsed = 16;
    private const int MaxKept = 4;

    private readonly SemaphoreSlim _places = new(MaxUsed);
    private readonly Lock _lock = new();
    private readonly List<LogCursor> _cursors = [];
    private readonly List<ControlReader> _readers = [];
    private bool _isDisposed;

    /// <summary>Uses a cursor at a place of a log. It is kept for who reads on, unless it fails.</summary>
    public async Task<T> CursorAsync<T>(
        string source,
        Guid log,
        Position position,
        Func<LogCursor, T> use,
        CancellationToken cancellationToken
    ) =>
        await UseAsync(
            () =>
            {
                var cursor =
                    Take(
                        _cursors,
                        one => one.Source == source && one.Log == log && one.Position == position,
                        onlyIfFull: true
                    ) ?? new LogCursor(clients);
                if (cursor.Source != source || cursor.Log != log || cursor.Position != position)
                    cursor.SwitchTo(source, log, position);
                return cursor;
            },
            _cursors,
            use,
            cancellationToken
        );

    /// <summary>Uses a reader of the control topic of a source's log.</summary>
    public async Task<T> ReaderAsync<T>(
        string source,
        Guid log,
        Func<ControlReader, T> use,
        CancellationToken cancellationToken
    ) =>
        await UseAsync(
            () =>
            {
                var reader =
                    Take(_readers, static _ => true, onlyIfFull: false) ?? new ControlReader(clients, jumps: true);
                reader.SwitchTo(source, log);
                return reader;
            },
            _readers,
            reader =>
            {
                var seen = use(reader);
                reader.Rest();
                return seen;
            },
            cancellationToken
        );

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (IDisposable one in _cursors.Concat<IDisposable>(_readers))
                one.Dispose();
            _cursors.Clear();
            _readers.Clear();
        }
    }

    private async Task<T> UseAsync<TReader, T>(
        Func<TReader> take,
        List<TReader> kept,
        Func<TReader, T> use,
        CancellationToken cancellationToken
    )
        where TReader : IDisposable
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var reader = take();
            try
            {
                var result = await Task.Run(() => use(reader), cancellationToken);
                Keep(kept, reader);
                return result;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The newest that fits; else the oldest, if there are enough.</summary>
    private TReader? Take<TReader>(List<TReader> kept, Predicate<TReader> fits, bool onlyIfFull)
        where TReader : class
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var index = kept.FindLastIndex(fits);
            if (index < 0 && (!onlyIfFull || kept.Count < MaxKept))
                return null;
            index = Math.Max(index, 0);
            var found = kept[index];
            kept.RemoveAt(index);
            return found;
        }
    }

    private void Keep<TReader>(List<TReader> kept, TReader reader)
        where TReader : IDisposable
    {
        IDisposable? old = reader;
        lock (_lock)
        {
            if (!_isDisposed)
            {
                kept.Add(reader);
                old = null;
                if (kept.Count > MaxKept)
                {
                    old = kept[0];
                    kept.RemoveAt(0);
                }
            }
        }
        old?.Dispose();
    }
}
