using System.Data.Common;
using Npgsql;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// One connection that is notified when the ends of logs move, for all waiting readers of a process. It reconnects when
/// the connection is lost; waiting readers then check the end themselves, because notifications in between are lost.
/// </summary>
internal sealed class EndListener(NpgsqlDataSource store, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The channel of NOTIFY. The payload is the end and the source's name, separated by a space.</summary>
    public const string Channel = "strangler_log";

    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    /// <summary>A lost connection that wasn't reported is noticed after this time.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Position> _known = [];
    private readonly Dictionary<string, TaskCompletionSource<bool>> _signals = [];
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;

    public static string Payload(string source, Position end) => $"{end} {source}";

    /// <summary>
    /// The furthest end notified over this connection. An end goes back only if the store is replaced by an older copy,
    /// which ends its connections: what was known before is forgotten then, because a reader that has read everything
    /// would be told that there is more, again and again.
    /// </summary>
    public Position? Known(string source)
    {
        lock (_lock)
            return _known.TryGetValue(source, out var end) ? end : null;
    }

    /// <summary>
    /// Completes when the source's end has moved; with true if it may have moved without a notification.
    /// </summary>
    public Task<bool> Next(string source)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _loop ??= Task.Run(() => ListenAsync(_stop.Token));
            if (!_signals.TryGetValue(source, out var signal))
                _signals[source] = signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return signal.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? loop;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            loop = _loop;
            foreach (var signal in _signals.Values)
                signal.TrySetException(new ObjectDisposedException(nameof(EmbeddedChangeLog)));
        }
        if (loop is not null)
            await loop;
        _stop.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await HearAsync(cancellationToken);
            }
            catch (DbException)
            {
                // Readers poll in the meantime, and report it themselves if the store is unreachable.
                await Task.Delay(Reconnect, time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await ExecuteAsync($"listen {Channel}");
        WakeAll();
        while (true)
        {
            if (!await connection.WaitAsync(Probe, cancellationToken))
                await ExecuteAsync("select 1");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private void Hear(string payload)
    {
        if (payload.Split(' ', 2) is not [var text, var source] || !Position.TryParse(text, null, out var end))
            return;
        lock (_lock)
        {
            if (!_signals.Remove(source, out var signal))
                return;
            if (!_known.TryGetValue(source, out var known) || end > known)
                _known[source] = end;
            signal.TrySetResult(false);
        }
    }

    /// <summary>Has every reader look for itself.</summary>
    private void WakeAll()
    {
        lock (_lock)
        {
            _known.Clear();
            foreach (var signal in _signals.Values)
                signal.TrySetResult(true);
            _signals.Clear();
        }
    }
}
