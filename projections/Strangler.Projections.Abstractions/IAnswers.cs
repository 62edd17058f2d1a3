namespace Strangler.Projections;

/// <summary>
/// What a gateway reads from projections: documents by key, and how far they are. It doesn't say how a document was
/// made.
/// </summary>
public interface IAnswers
{
    /// <summary>Looks up documents, all at one instant of the store, in one query.</summary>
    /// <param name="projection">The projection and the version whose documents may be served.</param>
    /// <param name="keys">Keys in their canonical text, distinct.</param>
    /// <returns>A finding for each key, in the keys' order, and the watermark at that instant.</returns>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<Lookup> FindAsync(
        ProjectionId projection,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    );

    /// <summary>How far the documents of a projection are; null if it has never been built.</summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<Watermark?> WatermarkAsync(string projection, CancellationToken cancellationToken);

    /// <summary>
    /// How many keys have a document; null if the projection isn't built in that version. It counts all of them: use it
    /// for reports, not for requests.
    /// </summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<long?> KeysAsync(ProjectionId projection, CancellationToken cancellationToken);

    /// <summary>
    /// What a person should know about a projection's build; null if it has never been built. No decision depends on
    /// it: each look-up reads the state itself.
    /// </summary>
    /// <exception cref="AnswersUnavailableException">The store doesn't answer.</exception>
    ValueTask<BuildState?> BuildAsync(string projection, CancellationToken cancellationToken);
}
