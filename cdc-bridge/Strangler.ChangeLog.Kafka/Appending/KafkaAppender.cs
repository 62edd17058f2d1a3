using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>
/// The one writer of a source's log on Kafka. It sends the records, waits until the broker has them all, and then says
/// in the control topic where they are: only that makes them part of the log. After a call that fails it doesn't know
/// what is stored, so it must be opened again.
/// </summary>
internal sealed class KafkaAppender : ILogAppender
{
    private readonly KafkaLogParts _parts;
    private readonly string _source;
    private readonly EmbeddedLogOptions _keeping;
    private readonly TimeProvider _time;
    private readonly RecordSender _sender;
    private readonly ControlWriter _control;
    private readonly SemaphoreSlim _one = new(1);
    private LogTail _tail;
    private bool _hasLeft;
    private bool _isUnsure;
    private bool _isDisposed;

    private KafkaAppender(
        KafkaLogParts parts,
        string source,
        EmbeddedLogOptions keeping,
        TimeProvider time,
        RecordSender sender,
        ControlWriter control
    ) => (_parts, _source, _keeping, _time, _sender, _control) = (parts, source, keeping, time, sender, control);

    public static async Task<KafkaAppender> OpenAsync(
        KafkaLogParts parts,
        string source,
        EmbeddedLogOptions keeping,
        TimeProvider time,
        long above,
        CancellationToken cancellationToken
    )
    {
        await parts.Topics.EnsureControlAsync(LogTopics.Control(source), cancellationToken);
        var followed = await parts.Follower.FindAsync(source, cancellationToken);
        var sender = parts.Sender();
        try
        {
            var control = new ControlWriter(sender, parts, followed!);
            await control.OpenAsync(above, cancellationToken);
            return new KafkaAppender(parts, source, keeping, time, sender, control)
            {
                _tail = new LogTail(control.Ledger.State.End, control.Ledger.State.End),
                _hasLeft = control.Ledger.State.Unfinished is not null,
            };
        }
        catch
        {
            sender.Dispose();
            throw;
        }
    }

    /// <summary>Rises with each appender that opens.</summary>
    public long Token => _control.Ledger.State.Source.Appender;

    public Position? End => _control.Ledger.State.End;

    public Fault? Undeleted { get; private set; }

    public byte[]? Offset => _control.Ledger.State.Source.Offset;

    /// <summary>
    /// 1. The topics. 2. The records, until the broker has stored them. 3. The control records. What ends between these
    /// steps leaves records that no cut names, and that no reader of the log sees.
    /// </summary>
    public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                await RemoveLeftAsync(cancellationToken);
                var tail = _tail.After(append);
                var state = _control.Ledger.State;
                var plan = AppendPlan.Of(append, _tail, state.Source, state.Segment?.Row, _keeping, _time.GetUtcNow());
                await SureAsync(async () =>
                {
                    // 1.
                    var partitions = new Dictionary<string, int>();
                    foreach (
                        var topic in append.Records.Where(LogTopics.IsPublished).Select(one => one.Topic).Distinct()
                    )
                        partitions[topic] = await _parts.Topics.EnsureAsync(topic, cancellationToken);

                    // 2.
                    var places = await _sender.SendAsync(append.Records, partitions, cancellationToken);

                    // 3.
                    await _control.WriteAsync(AppendDrafts.Of(append, plan, places), cancellationToken);
                });
                _tail = tail;
                return 0;
            },
            cancellationToken
        );

    public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                var state = _control.Ledger.State;
                if (!_hasLeft || state.Unfinished is not { } left)
                    return null;
                var point = await _control.CheckAsync(cancellationToken);
                if (!await new LeftRecords(_parts, _source).AreWholeAsync(point, left.From, cancellationToken))
                    return null;
                (_tail, _hasLeft) = (new LogTail(state.End, state.Last), false);
                return state.Last;
            },
            cancellationToken
        );

    public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                var source = _control.Ledger.State.Source with { Offset = offset };
                await WriteAsync(new ControlDraft(ControlKind.Discarded, source), cancellationToken);
                (_tail, _hasLeft) = (_tail.Finished, false);
                return 0;
            },
            cancellationToken
        );

    public async Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) =>
        (
            await _parts.FindAsync(
                _source,
                (reader, token) => reader.Between(from, through, limit, token),
                cancellationToken
            )
        ).OrThrow();

    public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                var draft = new ControlDraft(ControlKind.Verified, _control.Ledger.State.Source) { Server = server };
                await WriteAsync(draft, cancellationToken);
                return 0;
            },
            cancellationToken
        );

    public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
        OneAsync(
            async () =>
            {
                await RemoveLeftAsync(cancellationToken);
                var (dropped, point) = (0, await _control.CheckAsync(cancellationToken));
                await SureAsync(async () => dropped = await DropAsync(retention, cancellationToken));
                if (_control.Ledger.Segments is [var first, ..])
                    Undeleted = await new RetentionWork(_parts, _source).DeleteAsync(
                        point,
                        first.From,
                        cancellationToken
                    );
                return dropped;
            },
            cancellationToken
        );

    public ValueTask DisposeAsync()
    {
        _one.Dispose();
        if (!_isUnsure && !_isDisposed)
            _parts.Return(_sender);
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    private async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        if (!_hasLeft)
            return;
        await WriteAsync(new ControlDraft(ControlKind.Discarded, _control.Ledger.State.Source), cancellationToken);
        _hasLeft = false;
    }

    private async Task<int> DropAsync(LogRetention retention, CancellationToken cancellationToken)
    {
        var segments = _control.Ledger.Segments;
        var count = Math.Min(
            SegmentPolicy.Droppable(
                [.. segments.Select(segment => (segment.Row.Bytes, segment.Row.NewestAt))],
                retention,
                _time.GetUtcNow()
            ),
            SegmentPolicy.Before([.. segments.Select(segment => segment.Row.Start)], retention.Kept)
        );
        if (count == 0)
            return 0;
        var first = segments[count].Row;
        var source = _control.Ledger.State.Source with
        {
            Begin = first.Start,
            BeginAt = first.StartAt,
            BeginStartsEpoch = first.StartsEpoch,
        };
        await _control.WriteAsync(
            [new ControlDraft(ControlKind.Retained, source) { Dropped = count }],
            cancellationToken
        );
        return count;
    }

    private Task WriteAsync(ControlDraft draft, CancellationToken cancellationToken) =>
        SureAsync(() => _control.WriteAsync([draft], cancellationToken));

    private async Task<T> OneAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_control.IsFenced)
                throw LogFault.TakenOver(_source);
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

    private async Task SureAsync(Func<Task> store)
    {
        try
        {
            await store();
        }
        catch (Exception) when (!_control.IsFenced)
        {
            _isUnsure = true;
            _sender.Dispose();
            _parts.Topics.Forget();
            throw;
        }
    }
}
