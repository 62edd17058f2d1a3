using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>
/// Writes the control topic of a source: a record counts only at the offset that its writer expected, so of two
/// appenders only one can be right, and the other reads what came in between.
/// </summary>
internal sealed class ControlWriter(RecordSender sender, KafkaLogParts parts, FollowedSource followed)
{
    private readonly string _source = followed.Name;
    private ControlLedger _ledger = new(ControlState.Nothing, []);
    private long _next;

    /// <summary>The log's state after the last write.</summary>
    public ControlLedger Ledger => _ledger;

    /// <summary>Whether another appender has taken over.</summary>
    public bool IsFenced { get; private set; }

    /// <summary>Takes the next fencing token.</summary>
    /// <param name="above">
    /// The new token is greater than this one, which the store has recorded: in a topic that was created again, tokens
    /// would begin at 1 again.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task OpenAsync(long above, CancellationToken cancellationToken)
    {
        while (true)
        {
            var point = await parts.Follower.NowAsync(followed, cancellationToken);
            var ledger = new ControlLedger(point.State, await ClosedAsync(point, cancellationToken));
            var draft = new ControlDraft(
                ControlKind.Opened,
                point.State.Source with
                {
                    Appender = Math.Max(point.State.Source.Appender, above) + 1,
                    CatalogueSeen = null,
                }
            )
            {
                Name = _source,
                Log = point.IsOf(Guid.Empty) ? Guid.NewGuid() : null,
            };
            var (record, after) = ledger.Next(draft, point.High);
            var offsets = await sender.SendControlAsync(_source, [ControlFormat.ToBytes(record)], cancellationToken);
            if (offsets[0] < point.High)
                throw new FaultException(KafkaFault.WentBack(followed.Topic, point.High, offsets[0]));
            if (offsets[0] != point.High)
                continue; // another one opened at the same moment, or a cut arrived that was on its way
            (_ledger, _next) = (after, point.High + 1);
            return;
        }
    }

    /// <summary>Writes drafts, each of which follows from the one before.</summary>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    public async Task WriteAsync(IReadOnlyList<ControlDraft> drafts, CancellationToken cancellationToken)
    {
        for (var written = 0; written < drafts.Count; )
        {
            var after = new List<ControlLedger>();
            var bytes = new List<byte[]>();
            foreach (var draft in drafts.Skip(written))
            {
                var (record, next) = (after is [.., var last] ? last : _ledger).Next(draft, _next + after.Count);
                after.Add(next);
                bytes.Add(ControlFormat.ToBytes(record));
            }
            var (first, offsets) = (_next, await sender.SendControlAsync(_source, bytes, cancellationToken));
            var counted = 0;
            while (counted < offsets.Count && offsets[counted] == first + counted)
                counted++;
            if (counted > 0)
                (_ledger, _next) = (after[counted - 1], first + counted);
            written += counted;
            if (counted == offsets.Count)
                return;
            if (offsets[counted] < _next)
                throw new FaultException(KafkaFault.WentBack(followed.Topic, _next, offsets[counted]));
            _next = (await CheckAsync(cancellationToken)).High;
        }
    }

    /// <summary>How the log stands, if no other appender has opened.</summary>
    /// <exception cref="FaultException">Another appender has taken over.</exception>
    public async Task<LogPoint> CheckAsync(CancellationToken cancellationToken)
    {
        var point = await parts.Follower.NowAsync(followed, cancellationToken);
        if (!point.IsOf(_ledger.State.Log))
            throw new FaultException(KafkaFault.Replaced(followed.Topic));
        IsFenced = point.State.Source.Appender != _ledger.State.Source.Appender;
        return IsFenced ? throw LogFault.TakenOver(_source) : point;
    }

    private async Task<IReadOnlyList<ControlSegment>> ClosedAsync(LogPoint point, CancellationToken cancellationToken)
    {
        if (point.State.SegmentsAt is not { } at)
            return [];
        var record = await parts.LookAsync(
            _source,
            point,
            reader => reader.Read(at, cancellationToken),
            cancellationToken
        );
        return record?.Segments ?? [];
    }
}
