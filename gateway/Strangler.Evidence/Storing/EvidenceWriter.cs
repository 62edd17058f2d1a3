using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Comparing.Verdicts;

namespace Strangler.Evidence.Storing;

/// <summary>
/// Sums up in memory and writes once a second, and once more at shutdown. While the store is unavailable it keeps
/// summing up, within a limit; what exceeds the limit is counted as lost. A process that is killed loses everything
/// since its last write, about a second.
/// </summary>
internal sealed partial class EvidenceWriter(
    EvidenceStore store,
    EvidenceLimits limits,
    TimeProvider time,
    Random random,
    ILogger<EvidenceWriter> logger
) : BackgroundService, IEvidence
{
    private const int MaxRefusals = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastLimit = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private EvidenceBatch _current = new(limits);
    private EvidenceBatch? _unsent;
    private int _refusals;
    private long _lost;
    private bool _trouble;
    private bool _stopped;

    /// <summary>Calls that couldn't be stored since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    public void Sample(EvidenceScope scope, IReadOnlyList<string> keys, Occasion occasion = Occasion.Shadow)
    {
        var now = Timestamps.Microseconds(time.GetUtcNow());
        lock (_lock)
        {
            if (HasRoom(scope, now, CountNames.Sampled))
                _current.Sample(scope, now, keys, occasion);
        }
    }

    public void Note(EvidenceScope scope, Access access)
    {
        var now = Timestamps.Microseconds(time.GetUtcNow());
        // a few lines per scope, so that there is always room
        lock (_lock)
            _current.Note(scope, now, access);
    }

    public void Drop(EvidenceScope scope, DropReason reason, Occasion occasion = Occasion.Shadow)
    {
        var now = Timestamps.Microseconds(time.GetUtcNow());
        lock (_lock)
        {
            if (HasRoom(scope, now, CountNames.Dropped))
                _current.Drop(scope, now, reason, occasion);
        }
    }

    public void Add(Comparison comparison)
    {
        comparison = comparison with { At = Timestamps.Microseconds(comparison.At) };
        var examples = Examples(comparison);
        lock (_lock)
        {
            if (HasRoom(comparison.Scope, comparison.At, CountNames.Compared))
                _current.Add(comparison, examples);
        }
    }

    /// <summary>
    /// Writes everything. A store that doesn't respond is logged once, and tried again at the next call.
    /// </summary>
    /// <returns>Whether everything from before the call is in the store.</returns>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            // what remains of an earlier call goes first, with its own id; then everything since
            return (_unsent is null || await TryWriteAsync(_unsent, cancellationToken))
                && (Take() is not { } batch || await TryWriteAsync(batch, cancellationToken));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Interlocked.Exchange(ref _stopped, true))
            return; // a host may be stopped twice
        // not the host's token: the evidence is worth these seconds
        using var limit = new CancellationTokenSource(LastLimit, time);
        try
        {
            await FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            LastLost(LastLimit);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var pruned = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!await FlushAsync(stoppingToken) || time.GetElapsedTime(pruned) < PruneInterval)
                continue;
            pruned = time.GetTimestamp();
            await TryPruneAsync(stoppingToken);
        }
    }

    /// <summary>Copies bodies outside of the lock. If that fails, the comparison is lost.</summary>
    private List<KeptExample> Examples(Comparison comparison)
    {
        try
        {
            return
            [
                .. comparison
                    .Parts.Where(part => part.Verdict is Verdict.Wrong)
                    .Select(
                        (part, index) =>
                            ExampleBuilder.Of(
                                comparison,
                                part,
                                (Verdict.Wrong)part.Verdict,
                                comparison.Draw + (ulong)index ?? Draw(),
                                limits.BodyBytes
                            )
                    ),
            ];
        }
        catch
        {
            Interlocked.Increment(ref _lost);
            lock (_lock)
                _current.Lose(comparison.Scope, comparison.At, CountNames.Compared, 1);
            throw;
        }
    }

    private bool HasRoom(EvidenceScope scope, DateTimeOffset at, string what)
    {
        if (!_current.Full)
            return true;
        Interlocked.Increment(ref _lost);
        _current.Lose(scope, at, what, 1);
        return false;
    }

    /// <summary>Reports what was lost with the next batch.</summary>
    private void Lose(EvidenceBatch batch)
    {
        Interlocked.Add(ref _lost, batch.Calls);
        lock (_lock)
        {
            foreach (var (scope, of) in batch.Scopes)
            {
                foreach (var (what, count) in of.IfLost())
                    _current.Lose(scope, of.Last, what, count);
            }
        }
    }

    private ulong Draw()
    {
        lock (random)
            return (ulong)random.NextInt64(); // a seeded one is not thread-safe
    }

    private EvidenceBatch? Take()
    {
        lock (_lock)
        {
            if (_current.Empty)
                return null;
            _unsent = _current;
            _current = new EvidenceBatch(limits);
            return _unsent;
        }
    }

    private async Task<bool> TryWriteAsync(EvidenceBatch batch, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WriteLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await store.WriteAsync(batch, linked.Token);
            (_unsent, _refusals) = (null, 0);
            if (_trouble)
                StoreWritten();
            _trouble = false;
            return true;
        }
        // for any failure, the next second tries again
        catch (Exception exception) when (exception is DbException || !cancellationToken.IsCancellationRequested)
        {
            // otherwise a store that accepts everything but this batch would never get another one
            if (exception is PostgresException { IsTransient: false } && ++_refusals >= MaxRefusals)
            {
                Lose(batch);
                (_unsent, _refusals) = (null, 0);
                BatchLost(exception, batch.Calls);
            }
            else if (!_trouble)
                StoreLost(exception.Message);
            _trouble = true;
            return false;
        }
    }

    private async Task TryPruneAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.PruneAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotPruned(exception.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Evidence cannot be written, and waits: {Reason} It is tried again each second."
    )]
    private partial void StoreLost(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Evidence is written again.")]
    private partial void StoreWritten();

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The store refused evidence again and again, so {Calls} samples and comparisons are counted as lost."
    )]
    private partial void BatchLost(Exception exception, long calls);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last evidence could not be written within {Limit}.")]
    private partial void LastLost(TimeSpan limit);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Old evidence could not be pruned: {Reason} It is tried again within a minute."
    )]
    private partial void NotPruned(string reason);
}
