namespace Strangler.Evidence;

/// <summary>Stores comparisons. Never waits: what can't be stored in time is counted as lost.</summary>
internal interface IEvidence
{
    /// <summary>Adds a comparison.</summary>
    void Add(Comparison comparison);

    /// <summary>Counts a sampled request that was not compared.</summary>
    void Drop(EvidenceScope scope, DropReason reason, Occasion occasion = Occasion.Shadow);

    /// <summary>Counts a request of a route in shadow that the lookup would answer, sampled or not.</summary>
    void Note(EvidenceScope scope, Access access);

    /// <summary>Counts a sampled request and its keys, before anything else happens to it.</summary>
    void Sample(EvidenceScope scope, IReadOnlyList<string> keys, Occasion occasion = Occasion.Shadow);
}
