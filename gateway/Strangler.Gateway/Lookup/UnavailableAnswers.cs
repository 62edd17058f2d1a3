using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Lookup;

/// <summary>For a gateway that was started without a way to look up documents. Legacy answers everything.</summary>
internal sealed class UnavailableAnswers : IAnswers
{
    private const string Why = "this gateway was started without a way to look up documents.";

    public ValueTask<Findings> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    ) => throw new AnswersUnavailableException(Why);

    public ValueTask<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken) =>
        throw new AnswersUnavailableException(Why);

    public ValueTask<long?> KeysAsync(ProjectionId projection, CancellationToken cancellationToken) =>
        throw new AnswersUnavailableException(Why);

    public ValueTask<BuildState?> BuildAsync(string projection, CancellationToken cancellationToken) =>
        throw new AnswersUnavailableException(Why);
}
