namespace Strangler.Projections;

/// <summary>
/// What a gateway asks projections in order to compare: f at the moments of a bracket. f itself runs only where
/// projections run.
/// </summary>
public interface IMoments
{
    /// <summary>
    /// Waits until the watermark has passed the bracket, then returns f's result for each key at each of its moments.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections don't answer.</exception>
    ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken);

    /// <summary>
    /// The rows of a key at one moment, f's result for them, and its result without each of the newest row changes, one
    /// at a time.
    /// </summary>
    /// <exception cref="MomentsUnavailableException">The projections don't answer.</exception>
    ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken);
}
