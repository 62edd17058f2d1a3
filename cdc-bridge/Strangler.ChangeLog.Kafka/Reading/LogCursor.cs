using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// One reader's place in the log. It goes from cut to cut, and within a cut over the chunks that it makes visible. It
/// blocks, and is not thread-safe.
/// </summary>
internal sealed class LogCursor(KafkaClients clients) : IDisposable
{
    /// <summary>So many control records are read on before the next cut is searched for.</summary>
    private const int MaxReadOn = 32;

    private readonly ControlReader _control = new(clients);
    private readonly DataReader _data = new(clients);
    private Queue<LogRecord> _records = new();
    private Position _given;
    private ControlRecord? _cut;
    private ControlRecord? _givenCut;
    private long _at;
    private long _next;

    public string Source { get; private set; } = "";

    /// <summary>Which log it is in: what it knows of one tells nothing of another.</summary>
    public Guid Log { get; private set; }

    /// <summary>Where the next page begins.</summary>
    public Position Position { get; private set; }

    /// <summary>Turns to a place in a log.</summary>
    public void SwitchTo(string source, Guid log, Position position)
    {
        _control.SwitchTo(source, log);
        (Source, Log, Position, _given) = (source, log, position, position);
        (_cut, _givenCut, _next) = (null, null, -1);
        _records.Clear();
    }

    /// <summary>The next page, of what the log has at a point.</summary>
    /// <exception cref="LostRecordsException">A record isn't there any more.</exception>
    public LogPage Read(LogPoint point, LogReadLimit limit, CancellationToken cancellationToken)
    {
        var page = new List<LogRecord>();
        Position? next = null;
        for (var bytes = 0L; Peek(point, cancellationToken) is { } record; )
        {
            bytes += RecordSize.Of(record);
            if (page.Count > 0 && (page.Count >= limit.Records || bytes > limit.Bytes))
            {
                next = record.Position;
                break;
            }
            page.Add(_records.Dequeue());
            (_given, _givenCut) = (record.Position, _cut);
        }
        var end = point.State.End;
        Position = PageEnd.Through(Position, page.Count == 0 ? null : page[^1].Position, next, end);
        _given = Position;
        var at = Position == end ? point.State.Source.EndAt : TimeAt(Position, cancellationToken);
        return new LogPage(page, Position, at ?? default);
    }

    public void Dispose()
    {
        _control.Dispose();
        _data.Dispose();
    }

    /// <summary>The next visible record; null if there is none yet.</summary>
    private LogRecord? Peek(LogPoint point, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_records.TryPeek(out var record))
                return record;
            if (_cut is { } cut && _at <= cut.Offset)
            {
                Load(_at == cut.Offset ? cut : _control.Read(_at, cancellationToken), cut, cancellationToken);
                _at++;
                continue;
            }
            if (NextCut(point, cancellationToken) is not { } found)
                return null;
            (_cut, _next) = (found, found.Offset + 1);
            _at = First(found, cancellationToken);
        }
    }

    private void Load(ControlRecord? record, ControlRecord cut, CancellationToken cancellationToken)
    {
        if (record?.Block.Last is not { } last || last <= _given)
            return;
        var messages = _data.Read(record.Block.Places, _given, cancellationToken);
        _records = BlockContent.Records(record.Block, messages, _given, cut.State.End!.Value);
    }

    /// <summary>The first control record that moves the end beyond what was given.</summary>
    private ControlRecord? NextCut(LogPoint point, CancellationToken cancellationToken)
    {
        if (_next < point.Low)
            _next = -1; // deleted in the meantime, maybe with what comes next
        if (_next >= 0)
        {
            for (var left = MaxReadOn; left > 0 && _next < point.High; left--, _next++)
            {
                if (_control.Read(_next, cancellationToken) is { } record && IsBeyond(record))
                    return record;
            }
        }
        var from = Math.Max(_next, point.Low);
        if (from >= point.High)
            return null;
        var found = _control.First(from, point.High, IsBeyond, cancellationToken);
        if (found is not null && _next < 0)
            CheckFollows(found, point, cancellationToken);
        _next = found?.Offset ?? point.High;
        return found;
    }

    /// <summary>
    /// What was searched for is the first that the topic still has beyond the cursor's place. It follows from there if
    /// the topic has something before it, which then isn't beyond, or if the log begins with it: retention deletes
    /// whole segments. Otherwise somebody else has deleted what was in between.
    /// </summary>
    private void CheckFollows(ControlRecord found, LogPoint point, CancellationToken cancellationToken)
    {
        if (
            point.Low == 0
            || (found.State.Segment is { } segment && segment.From == found.From && segment.Row.Start <= _given)
            || _control.LastBefore(found.Offset, point.Low, cancellationToken) is not null
        )
            return;
        throw new LostRecordsException(
            KafkaFault.Lost(LogTopics.Control(Source), 0, point.Low - 1, _given, "somebody has deleted it")
        );
    }

    private bool IsBeyond(ControlRecord record) => record.State.End > _given;

    /// <summary>The first control record of a cut that has a record which was not given.</summary>
    private long First(ControlRecord cut, CancellationToken cancellationToken) =>
        cut.Offset - cut.From <= MaxReadOn
            ? cut.From
            : _control.First(cut.From, cut.Offset, record => record.State.Last > _given, cancellationToken)?.Offset
                ?? cut.Offset;

    /// <summary>The source's clock at the last transaction that begins at or before a position.</summary>
    private DateTimeOffset? TimeAt(Position reached, CancellationToken cancellationToken)
    {
        if (_givenCut is not { } cut)
            return null;
        if (Last(cut) is { } own && (own.Commit == reached.Commit || cut.From == cut.Offset))
            return own.CommittedAt;
        LogTransaction? last = null;
        for (var at = cut.From; at < cut.Offset; at++)
        {
            if (_control.Read(at, cancellationToken) is { } record)
                last = Last(record) ?? last;
        }
        return (Last(cut) ?? last)?.CommittedAt ?? cut.State.Source.EndAt;

        LogTransaction? Last(ControlRecord record) =>
            record.Transactions.LastOrDefault(one => one.Commit <= reached.Commit);
    }
}
