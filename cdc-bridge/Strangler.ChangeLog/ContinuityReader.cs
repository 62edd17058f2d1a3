namespace Strangler.ChangeLog;

/// <summary>Reads all transactions of a log for a <see cref="ContinuityCheck"/>, a page at a time.</summary>
public static class ContinuityReader
{
    private const int PageSize = 10_000;

    /// <param name="log">The log, which also has its transactions (<see cref="ITransactionIndex"/>).</param>
    /// <param name="source">The source.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was found, and how far the log reached when the reading began; null if it holds nothing.</returns>
    public static async Task<(ContinuityCheck Check, LogExtent Extent)?> ReadAsync(
        IChangeLog log,
        string source,
        CancellationToken cancellationToken
    )
    {
        if (await log.ExtentAsync(source, cancellationToken) is not { End: { } end } extent)
            return null;
        var (check, index, begin) = (new ContinuityCheck(), (ITransactionIndex)log, extent.Begin);
        for (var epoch = begin.Epoch; epoch <= end.Epoch; epoch++)
        {
            var through = epoch == end.Epoch ? end : Position.EndOf(epoch, new Lsn(ulong.MaxValue));
            for (Position? from = new Position(epoch, Lsn.Zero, 0); from is { } next; )
            {
                var page = (
                    await index.TransactionsAsync(source, next, through, PageSize, cancellationToken)
                ).OrThrow();
                // Only now: retention may have dropped what would have been on the page.
                begin = (await log.ExtentAsync(source, cancellationToken))?.Begin ?? begin;
                check.Add(epoch, page, begin);
                from = page.Count < PageSize ? null : next with { Commit = new Lsn(page[^1].Commit.Value + 1) };
            }
        }
        return (check, extent);
    }
}
