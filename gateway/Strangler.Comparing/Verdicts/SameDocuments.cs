namespace Strangler.Comparing.Verdicts;

/// <summary>Candidates that give the same answer: the same documents in memory, whatever their moment.</summary>
internal sealed class SameDocuments : IEqualityComparer<Candidate>
{
    public static readonly SameDocuments Instance = new();

    public bool Equals(Candidate? one, Candidate? other) =>
        ReferenceEquals(one, other)
        || one is not null && other is not null && one.Documents.SequenceEqual(other.Documents);

    public int GetHashCode(Candidate candidate)
    {
        var hash = new HashCode();
        foreach (var document in candidate.Documents)
            hash.Add(document);
        return hash.ToHashCode();
    }
}
