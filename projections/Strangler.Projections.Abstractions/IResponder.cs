namespace Strangler.Projections;

/// <summary>The part of a projection that runs in a gateway: its identity, its keys, and Respond.</summary>
public interface IResponder
{
    ProjectionId Projection { get; }

    /// <summary>What its version is made of; null: it isn't known.</summary>
    ProjectionCode? Code => null;

    /// <summary>
    /// The canonical text of a key as a request gives it; null if it is none (the request then goes to the call graph,
    /// which knows what to say).
    /// </summary>
    string? Canonical(string key);

    /// <summary>Runs the projection's Respond. Pure; may throw what the team's code throws.</summary>
    /// <param name="request">The request.</param>
    /// <param name="found">Canonical key and document bytes (null: absent) in the request's order.</param>
    Answer Respond(AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> found);
}
