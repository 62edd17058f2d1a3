using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>
/// Finds in the log where brackets begin. All questions from one interval of looks have the same two looks, and which
/// commits before an applied position a snapshot doesn't see never changes. So each pair is looked up once, for all
/// callers. Safe for any number of threads; bounded.
/// </summary>
internal sealed class BracketStarts(ITransactionIndex transactions)
{
    private const int MaxKnown = 256;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Source, int Epoch, SourceLook Before, Lsn To), Task<LogRead<Lsn>>> _known = [];

    /// <returns>
    /// L0, or L1 if the bracket contains no commit. Dropped: the log no longer holds the records that would have to be
    /// read.
    /// </returns>
    public async Task<LogRead<Lsn>> OfAsync(
        string source,
        int epoch,
        SourceLook before,
        ParsedBracketQuestion asked,
        CancellationToken cancellationToken
    )
    {
        var pair = (source, epoch, before, asked.To);
        Task<LogRead<Lsn>>? start;
        lock (_lock)
        {
            if (!_known.TryGetValue(pair, out start) || start is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                if (_known.Count >= MaxKnown)
                    _known.Clear();
                _known[pair] = start = LookUpAsync(source, epoch, asked);
            }
        }
        return await start.WaitAsync(cancellationToken);
    }

    // Not cancelled by any single caller that waits for it.
    private async Task<LogRead<Lsn>> LookUpAsync(string source, int epoch, ParsedBracketQuestion asked)
    {
        await Task.Yield(); // out of the lock
        var unseen = await transactions.FirstUnseenAsync(
            source,
            new Position(epoch, asked.Floor, 0),
            asked.Xmax,
            asked.Running,
            new Position(epoch, asked.To, 0),
            CancellationToken.None
        );
        if (unseen is LogRead<Position?>.Dropped(var dropped))
            return dropped;
        return unseen.OrThrow()?.Commit ?? asked.To;
    }
}
