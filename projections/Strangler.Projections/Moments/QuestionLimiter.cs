using Npgsql;

namespace Strangler.Projections.Moments;

/// <summary>
/// Bounds the questions that are answered at once: at most <see cref="MaxQuestions"/>, of which <see cref="MaxAtWork"/>
/// are past waiting; more are refused.
/// </summary>
internal sealed class QuestionLimiter : IDisposable
{
    private const int MaxQuestions = 512;
    private const int MaxAtWork = 8;
    private static readonly TimeSpan MaxWork = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _atWork = new(MaxAtWork);
    private int _questions;

    /// <summary>Answers a question, which counts towards the limit until it is answered.</summary>
    /// <exception cref="MomentsUnavailableException">
    /// There are too many questions, or the store doesn't answer.
    /// </exception>
    public async ValueTask<T> AdmitAsync<T>(
        Func<CancellationToken, Task<T>> answer,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Increment(ref _questions) > MaxQuestions)
        {
            Interlocked.Decrement(ref _questions);
            throw new MomentsUnavailableException($"{MaxQuestions} questions are being answered already.");
        }
        try
        {
            return await answer(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new MomentsUnavailableException($"The store does not answer: {exception.Message}", exception);
        }
        finally
        {
            Interlocked.Decrement(ref _questions);
        }
    }

    /// <summary>Does the work of a question, of which few run at once, within a time limit.</summary>
    /// <exception cref="MomentsUnavailableException">The work took too long.</exception>
    public async Task<T> WorkAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MaxWork);
        try
        {
            await _atWork.WaitAsync(limit.Token);
            try
            {
                return await work(limit.Token);
            }
            finally
            {
                _atWork.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MomentsUnavailableException($"The question was not answered within {MaxWork.TotalSeconds:0} s.");
        }
    }

    public void Dispose() => _atWork.Dispose();
}
