using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Where a gateway was started without a way to ask projections: every comparison says so.</summary>
internal sealed class UnavailableMoments : IMoments
{
    private const string Why = "This gateway was started without a way to ask the projections.";

    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        throw new MomentsUnavailableException(Why);

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        throw new MomentsUnavailableException(Why);
}
