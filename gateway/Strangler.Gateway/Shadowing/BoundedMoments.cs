using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Moments that answer in time or not at all: projections that hang, or fail in an unforeseen way, are as good as gone.</summary>
internal sealed class BoundedMoments(IMoments inner, TimeProvider time) : IMoments
{
    /// <summary>What answering may take besides waiting for the watermark: more than a client of the projections gives them itself.</summary>
    private static readonly TimeSpan Besides = TimeSpan.FromSeconds(40);

    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        LimitAsync(token => inner.EvaluateAsync(question, token), question.Wait + Besides, cancellationToken);

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) => LimitAsync(token => inner.ExplainAsync(question, token), Besides, cancellationToken);

    private async ValueTask<TResult> LimitAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> ask, TimeSpan limit, CancellationToken cancellationToken)
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
            throw new MomentsUnavailableException(timeout.IsCancellationRequested ? $"The projections did not answer within {limit.TotalSeconds:0} s." : $"The projections failed: {exception.Message}", exception);
        }
    }
}
