using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Look-ups for people and reports, with a limit: a store that hangs is treated as one that doesn't answer.
/// </summary>
internal sealed class BoundedAnswers(IAnswers answers, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <exception cref="AnswersUnavailableException">The store doesn't answer, or doesn't answer in time.</exception>
    public Task<Findings> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    ) => LimitAsync(token => answers.FindAsync(projection, keys, token).AsTask(), cancellationToken);

    /// <exception cref="AnswersUnavailableException">The store doesn't answer, or doesn't answer in time.</exception>
    public Task<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken) =>
        LimitAsync(token => answers.WatermarkAsync(projection, token).AsTask(), cancellationToken);

    private async Task<TResult> LimitAsync<TResult>(
        Func<CancellationToken, Task<TResult>> ask,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await ask(linked.Token).WaitAsync(linked.Token);
        }
        catch (Exception exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new AnswersUnavailableException($"it did not answer within {Limit.TotalSeconds:0} s.", exception);
        }
    }
}
