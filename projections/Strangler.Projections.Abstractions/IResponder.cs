namespace Strangler.Projections;

/// <summary>The part of a projection that runs in a gateway: its identity, its keys, and Respond.</summary>
public interface IResponder
{
    ProjectionId Projection { get; }

    /// <summary>What its version is computed from; null if unknown.</summary>
    ProjectionCode? Code => null;

    /// <summary>
    /// The canonical text of a key that a request gives; null if the text isn't a key (the request then goes to the
    /// call graph, which knows the answer).
    /// </summary>
    string? Canonical(string key);

    /// <summary>Runs the projection's Respond. Pure; may throw what the team's code throws.</summary>
    /// <param name="request">The request.</param>
    /// <param name="found">Canonical keys and document bytes (null if absent) in the request's order.</param>
    Answer Respond(AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> found);
}
