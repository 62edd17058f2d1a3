using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Moments that answer in time or not at all: projections that hang, or fail in an unforeseen way, are as good as gone.
/// Of all routes together so many questions are asked at once; others wait for their turn.
/// </summary>
internal sealed class BoundedMoments(IMoments inner, TimeProvider time) : IMoments, IDisposable
{
    /// <summary>
    /// What answering may take besides waiting for the watermark: more than a client of the projections gives them
    /// itself.
    /// </summary>
    private static readonly TimeSpan Besides = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Half of what the projections take at once: they refuse what comes above, and that would be a doubt where waiting
    /// is none.
    /// </summary>
    private const int MaxConcurrent = 256;

    private readonly SemaphoreSlim _atOnce = new(MaxConcurrent);

    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        await _atOnce.WaitAsync(cancellationToken);
        try
        {
            return await LimitAsync(
                token => inner.EvaluateAsync(question, token),
                question.Wait + Besides,
                cancellationToken
            );
        }
        finally
        {
            _atOnce.Release();
        }
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        LimitAsync(token => inner.ExplainAsync(question, token), Besides, cancellationToken);

    public void Dispose() => _atOnce.Dispose();

    private async ValueTask<TResult> LimitAsync<TResult>(
        Func<CancellationToken, ValueTask<TResult>> ask,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // waiting as well as cancelling: one that does not notice its token must not hold a comparison
            return await ask(linked.Token).AsTask().WaitAsync(linked.Token);
        }
        catch (Exception exception) when (exception is not MomentsUnavailableException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new MomentsUnavailableException(
                timeout.IsCancellationRequested
                    ? $"The projections did not answer within {limit.TotalSeconds:0} s."
                    : $"The projections failed: {exception.Message}",
                exception
            );
        }
    }
}
