using Strangler.ChangeLog.Kafka.Client;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// The readers of a process that nobody uses at the moment. A cursor is found again by its place, so that who reads on
/// page by page never searches.
/// </summary>
internal sealed class ReaderPool(KafkaClients clients) : IDisposable
{
    private const int MaxCursors = 4;

    private readonly Lock _lock = new();
    private readonly List<LogCursor> _cursors = [];
    private readonly Stack<ControlReader> _readers = new();
    private bool _isDisposed;

    /// <summary>A cursor at a place.</summary>
    public LogCursor Cursor(string source, Position position)
    {
        LogCursor? free = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var index = _cursors.FindLastIndex(one => one.Source == source && one.Position == position);
            if (index >= 0)
            {
                var found = _cursors[index];
                _cursors.RemoveAt(index);
                return found;
            }
            if (_cursors.Count == MaxCursors)
            {
                free = _cursors[0];
                _cursors.RemoveAt(0);
            }
        }
        free ??= new LogCursor(clients);
        free.Turn(source, position);
        return free;
    }

    /// <summary>A reader of a source's control topic.</summary>
    public ControlReader Reader(string source)
    {
        ControlReader? free;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _readers.TryPop(out free);
        }
        free ??= new ControlReader(clients, jumps: true);
        free.Turn(source);
        return free;
    }

    /// <summary>Takes a cursor back.</summary>
    public void Return(LogCursor cursor)
    {
        LogCursor? old = cursor;
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _cursors.Add(cursor);
                old = null;
                if (_cursors.Count > MaxCursors)
                {
                    old = _cursors[0];
                    _cursors.RemoveAt(0);
                }
            }
        }
        old?.Dispose();
    }

    /// <summary>Takes a reader back.</summary>
    public void Return(ControlReader reader)
    {
        reader.Rest();
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _readers.Push(reader);
                return;
            }
        }
        reader.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var cursor in _cursors)
                cursor.Dispose();
            while (_readers.TryPop(out var reader))
                reader.Dispose();
            _cursors.Clear();
        }
    }
}
