using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// The one writer of a source's embedded log. Each call is one transaction of the store, which first proves with the
/// fencing token that no other appender has opened. It knows only what it has stored itself, so after a call that fails
/// without showing what was stored, it must be opened again.
/// </summary>
internal sealed class EmbeddedAppender : ILogAppender
{
    private readonly AppendSession _session;
    private readonly TransactionQuery _transactions;
    private readonly string _name;
    private readonly EmbeddedLogOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1);
    private SourceRow _source;
    private SegmentRow? _segment;
    private LogTail _tail;
    private bool _isUnsure;

    private EmbeddedAppender(
        AppendSession session,
        TransactionQuery transactions,
        string name,
        EmbeddedLogOptions options,
        TimeProvider time,
        SourceRow source,
        SegmentRow? segment
    )
    {
        (_transactions, _name) = (transactions, name);
        (_session, _options, _time, _source, _segment) = (session, options, time, source, segment);
        _tail = new LogTail(source.End, source.End);
    }

    public static async Task<EmbeddedAppender> OpenAsync(
        NpgsqlDataSource store,
        string source,
        EmbeddedLogOptions options,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var (session, row, segment) = await AppendSession.OpenAsync(store, source, cancellationToken);
        return new EmbeddedAppender(session, new TransactionQuery(store), source, options, time, row, segment);
    }

    public Position? End => _source.End;

    public byte[]? Offset => _source.Offset;

    public Fault? Undeleted => null;

    public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                var tail = _tail.After(append);
                var plan = AppendPlan.Of(append, _tail, _source, _segment, _options, _time.GetUtcNow());
                await SureAsync(() => _session.AppendAsync(plan, cancellationToken));
                (_tail, _source, _segment) = (tail, plan.After, plan.Segment);
                return 0;
            },
            cancellationToken
        );

    /// <summary>What was left unfinished was removed when this appender opened.</summary>
    public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) => Task.FromResult<Position?>(null);

    public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                _segment = await SureAsync(() => _session.DiscardAsync(_source, _segment, offset, cancellationToken));
                (_tail, _source) = (_tail.Finished, _source with { Offset = offset });
                return 0;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => _transactions.ReadAsync(_name, from, through, limit, cancellationToken);

    public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
        OneAsync(() => SureAsync(() => _session.TrustAsync(_source, server, cancellationToken)), cancellationToken);

    public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                var dropped = 0;
                while (true)
                {
                    var (count, source) = await SureAsync(() =>
                        _session.DropAsync(_source, retention, _time.GetUtcNow(), cancellationToken)
                    );
                    _source = source;
                    if (count == 0)
                        return dropped;
                    dropped += count;
                }
            },
            cancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _one.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<T> OneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_isUnsure)
                throw new InvalidOperationException(
                    "An earlier call failed, so it isn't known what the log holds. Open the appender again."
                );
            return await work();
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<T> SureAsync<T>(Func<Task<T>> store)
    {
        try
        {
            return await store();
        }
        catch (Exception exception) when (exception is not Foundation.Faults.FaultException)
        {
            _isUnsure = true;
            throw;
        }
    }
}
