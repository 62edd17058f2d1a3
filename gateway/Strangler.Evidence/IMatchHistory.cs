namespace Strangler.Evidence;

/// <summary>Knows when an answer last matched.</summary>
internal interface IMatchHistory
{
    /// <summary>When the answer matched in a quiet bracket. Null: never, or that isn't known.</summary>
    ValueTask<DateTimeOffset?> LastMatchAsync(
        EvidenceScope scope,
        AnswerIdentity answer,
        CancellationToken cancellationToken
    );
}
