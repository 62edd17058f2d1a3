using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Faults;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>
/// What a log must hold after any history: a list. It takes the same steps as the real log. If the log keeps a secret
/// of its own (which segments retention drops), the model asks, and checks that the answer is possible.
/// </summary>
internal sealed class LogModel(IChangeLog log, string source, FakeTimeProvider time)
{
    private readonly List<LogRecord> _visible = [];
    private readonly List<LogRecord> _unfinished = [];
    private readonly List<(Position End, DateTimeOffset At)> _transactions = [];
    private readonly List<LogAppend> _appended = [];
    private readonly Position[] _readers = new Position[3];

    // What a lost appender has left, and its commit: it can be kept until something is written.
    private (IReadOnlyList<LogRecord> Records, ulong Commit) _left = ([], 0);
    private ILogAppender? _appender;
    private Position? _end;
    private byte[]? _offset;
    private Position _begin;
    private int _epoch = 1;
    private ulong _commit = 8;
    private double _clock;
    private bool _isSnapshot;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ILogAppender Appender => _appender!;

    public async Task RunAsync(IEnumerable<LogStep> steps)
    {
        _appender = await log.OpenAppenderAsync(source, Cancel);
        foreach (var step in steps)
            await TakeAsync(step);
        foreach (var reader in Enumerable.Range(0, _readers.Length))
        {
            while (_readers[reader] < _end)
                await ReadAsync(reader, new LogReadLimit(5, 300));
        }
        await CheckExtentAsync();
    }

    private Task TakeAsync(LogStep step) =>
        step switch
        {
            LogStep.Transactions(var count, var records, var begun) => _unfinished.Count > 0
                ? FinishAsync(records, count, begun)
                : TransactionsAsync(count, records, begun),
            LogStep.More(var records) => AppendAsync(new LogAppend(Next(records), [], null, At(_clock), Offset())),
            LogStep.Finish(var records) => FinishAsync(records, 0, 0),
            LogStep.Progress => _unfinished.Count > 0
                ? Task.CompletedTask
                : AppendAsync(new LogAppend([], [], End(_commit += 8, _epoch), At(_clock), Offset())),
            LogStep.NewEpoch(var records) => NewEpochAsync(records),
            LogStep.Crash(var triesAgain, var keeps) => CrashAsync(triesAgain, keeps),
            LogStep.Replay(var which) => ReplayAsync(which),
            LogStep.Discard => DiscardAsync(),
            LogStep.Retain(var bytes) => RetainAsync(bytes),
            LogStep.Read(var reader, var records, var bytes) => ReadAsync(reader, new LogReadLimit(records, bytes)),
            LogStep.Clock(var seconds, var step1) => Clock(seconds, step1),
            LogStep.Seek(var back) => SeekAsync(At(_clock - back)),
            _ => throw new InvalidOperationException(step.ToString()),
        };

    /// <summary>Records that continue the unfinished transaction, or begin the next one.</summary>
    private LogRecord[] Next(int count)
    {
        if (_unfinished.Count == 0)
            _commit += 8;
        var records = Records(_commit, _unfinished.Count, count, _epoch, 10 + (_unfinished.Count * 7 % 50));
        return _isSnapshot ? [.. records.Select(record => record with { Xid = 0 })] : records;
    }

    private Task TransactionsAsync(int count, int records, int begun) => FinishAsync(records, count - 1, begun);

    private Task FinishAsync(int records, int more, int begun)
    {
        var all = new List<LogRecord>();
        var transactions = new List<LogTransaction>();
        var first = Next(records);
        all.AddRange(first);
        if (!_isSnapshot)
            transactions.Add(Transaction(_commit, _unfinished.Count + records, _clock));
        for (var index = 0; index < more; index++)
        {
            _commit += 8;
            _clock += 0.5;
            all.AddRange(Records(_commit, 0, records, _epoch, 33));
            transactions.Add(Transaction(_commit, records, _clock));
        }
        var end = End(_commit, _epoch);
        if (begun > 0)
            all.AddRange(Records(_commit += 8, 0, begun, _epoch));
        _isSnapshot = false;
        return AppendAsync(new LogAppend(all, transactions, end, At(_clock), Offset()));
    }

    private Task NewEpochAsync(int records)
    {
        if (_unfinished.Count > 0)
            return Task.CompletedTask;
        _epoch++;
        _commit = 8;
        _isSnapshot = true;
        return AppendAsync(new LogAppend(Next(records), [], null, At(_clock), Offset()));
    }

    private byte[]? Offset() => _commit % 24 == 0 ? null : [(byte)_commit, (byte)_epoch];

    private async Task AppendAsync(LogAppend append)
    {
        await Appender.AppendAsync(append, Cancel);
        _left = ([], 0);
        _appended.Add(append);
        _offset = append.Offset ?? _offset;
        _unfinished.AddRange(append.Records);
        if (append.Through is not { } through)
            return;
        var visible = _unfinished.Where(record => record.Position <= through).ToList();
        _visible.AddRange(visible);
        _unfinished.RemoveAll(record => record.Position <= through);
        var read = visible
            .Select(record => record.Position.Commit)
            .Distinct()
            .Where(commit => append.Transactions.All(transaction => transaction.Commit != commit))
            .Select(commit =>
                (
                    Position.EndOf(through.Epoch, commit),
                    append.Transactions.FirstOrDefault(transaction => transaction.Commit > commit)?.CommittedAt
                        ?? append.At
                )
            );
        _transactions.AddRange(
            read.Concat(
                    append.Transactions.Select(transaction =>
                        (Position.EndOf(through.Epoch, transaction.Commit), transaction.CommittedAt)
                    )
                )
                .OrderBy(transaction => transaction.Item1)
        );
        _end = through;
    }

    private async Task CrashAsync(bool triesAgain, bool keeps)
    {
        if (_unfinished.Count > 0)
            _left = ([.. _unfinished], _commit);
        var lost = Appender;
        _appender = await log.OpenAppenderAsync(source, Cancel);
        if (triesAgain)
            await Assert.ThrowsAsync<FaultException>(() =>
                lost.AppendAsync(new LogAppend(Next(2), [], null, At(_clock)), Cancel)
            );
        Assert.Equal(_end, Appender.End);
        Assert.Equal(_offset, Appender.Offset);
        if (!keeps || await Appender.KeepUnfinishedAsync(Cancel) is not { } kept)
        {
            Forget();
            return;
        }
        Assert.Equal(_left.Records[^1].Position, kept);
        _unfinished.Clear();
        _unfinished.AddRange(_left.Records);
        _commit = _left.Commit;
    }

    private async Task DiscardAsync()
    {
        _offset = [77, (byte)_unfinished.Count];
        await Appender.DiscardUnfinishedAsync(_offset, Cancel);
        _left = ([], 0);
        Forget();
    }

    /// <summary>
    /// Unfinished records come again from their beginning, as the source sends them: at the same commit, or, for a
    /// snapshot, at another.
    /// </summary>
    private void Forget()
    {
        if (_unfinished.Count > 0)
            _commit -= 8;
        _unfinished.Clear();
        if (_isSnapshot)
            _commit += 80;
    }

    private async Task ReplayAsync(int which)
    {
        var last = _unfinished is [.., var newest] ? newest.Position : _end;
        var behind = _appended.Where(append => append.Records is [var first, ..] && first.Position <= last).ToList();
        if (behind.Count == 0)
            return;
        _left = ([], 0);
        await Assert.ThrowsAsync<ArgumentException>(() => Appender.AppendAsync(behind[which % behind.Count], Cancel));
    }

    private async Task RetainAsync(int bytes)
    {
        await Appender.RetainAsync(new LogRetention(TimeSpan.FromDays(100), bytes), Cancel);
        _left = ([], 0);
        if (await log.ExtentAsync(source, Cancel) is not { } extent)
            return;
        Assert.True(
            extent.Begin >= _begin && (extent.Begin == Position.Start || extent.Begin <= _end),
            $"The log begins at {extent.Begin}."
        );
        Assert.True(extent.Begin == Position.Start || extent.Begin.IsEnd);
        _begin = extent.Begin;
    }

    private async Task ReadAsync(int reader, LogReadLimit limit)
    {
        var after = _readers[reader];
        if (after < _begin)
        {
            Assert.IsType<LogRead<LogPage>.Dropped>(await log.ReadAsync(source, after, limit, Cancel));
            _readers[reader] = _begin;
            return;
        }
        var page = (await log.ReadAsync(source, after, limit, Cancel)).OrThrow();

        Assert.InRange(page.Records.Count, 0, limit.Records);
        Assert.True(
            page.Records.Count < 2
                || page.Records.Sum(record => record.Key!.Length + record.Value!.Length) <= limit.Bytes
        );
        Assert.True(page.Through > after || _end is null || after >= _end, $"No way forward from {after}.");
        Assert.True(page.Through.IsEnd || page.Through == after || page.Through == page.Records[^1].Position);
        var expected = _visible.Where(record => record.Position > after && record.Position <= page.Through).ToList();
        Assert.Equal(
            expected.Select(record => (record.Position, record.Xid, Convert.ToHexString(record.Value!))),
            page.Records.Select(record => (record.Position, record.Xid, Convert.ToHexString(record.Value!)))
        );
        _readers[reader] = page.Through;
    }

    private Task Clock(int seconds, int step)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        _clock += step;
        return Task.CompletedTask;
    }

    private async Task SeekAsync(DateTimeOffset at)
    {
        var sought = await log.SeekAsync(source, at, Cancel);
        var found = _transactions.LastOrDefault(transaction => transaction.At <= at);
        if (found.End > _begin)
            Assert.Equal(found.End, sought.OrThrow());
        else if (found.End < _begin && _transactions.LastOrDefault(transaction => transaction.End <= _begin).At <= at)
            Assert.Equal(_begin, sought.OrThrow());
        else if (found.End != _begin || _begin == Position.Start)
            Assert.IsType<LogRead<Position>.Dropped>(sought);
        else
            Assert.Equal(_begin, sought.OrThrow());
    }

    private async Task CheckExtentAsync()
    {
        var extent = await log.ExtentAsync(source, Cancel);
        Assert.Equal((_begin, _end), (extent?.Begin ?? Position.Start, extent?.End));
        Assert.Equal(_offset, Appender.Offset);
    }
}
