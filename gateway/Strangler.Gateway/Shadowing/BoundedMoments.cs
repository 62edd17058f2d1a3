using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Moments with a time limit: projections that hang or fail unexpectedly count as unavailable. The number of concurrent
/// questions is limited for all routes together; others wait for their turn.
/// </summary>
internal sealed class BoundedMoments(IMoments inner, TimeProvider time) : IMoments, IDisposable
{
    /// <summary>
    /// The time that an answer may take in addition to waiting for the watermark: more than the limit of the
    /// projections' client.
    /// </summary>
    private static readonly TimeSpan OtherWork = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Half of what the projections accept at once. They refuse questions above that, and a refusal would be a doubt,
    /// but waiting isn't.
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
                question.Wait + OtherWork,
                cancellationToken
            );
        }
        finally
        {
            _atOnce.Release();
        }
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        LimitAsync(token => inner.ExplainAsync(question, token), OtherWork, cancellationToken);

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
            // WaitAsync in addition to the token: a call that ignores its token must not delay a comparison
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
