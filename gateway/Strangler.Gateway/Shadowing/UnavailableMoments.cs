using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>For a gateway that was started without a way to ask the projections. Every comparison reports it.</summary>
internal sealed class UnavailableMoments : IMoments
{
    private const string Why = "This gateway was started without a way to ask the projections.";

    public ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken) =>
        throw new MomentsUnavailableException(Why);

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        throw new MomentsUnavailableException(Why);
}
