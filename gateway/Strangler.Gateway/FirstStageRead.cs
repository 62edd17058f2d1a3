namespace Strangler.Gateway;

/// <summary>
/// The stages are read before the first request, so that a restart doesn't send a route back to legacy for a second. A
/// store that is down, hangs or has another version delays that by a limit at most: until it answers, the call graph
/// answers every route.
/// </summary>
internal static class FirstStageRead
{
    /// <summary>How long it may delay serving. A store that answers at all takes much less.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Reads, and ends also if that fails or doesn't end: the poll keeps trying, and logs it.</summary>
    /// <param name="readAsync">Reads the stages.</param>
    /// <param name="limit">How long it may take; null for <see cref="Limit"/>.</param>
    /// <param name="time">The clock that measures the limit.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task> readAsync,
        TimeSpan? limit,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        using var patience = new CancellationTokenSource(limit ?? Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // WaitAsync in addition to the token: a driver that ignores its token must not delay serving
            await readAsync(linked.Token).WaitAsync(linked.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested) { }
    }
}
