namespace Strangler.Evidence.Storing;

/// <summary>Evidence on its way to the store. Its id makes it safe to resend a flush whose response was lost.</summary>
internal sealed class EvidenceBatch(EvidenceLimits limits)
{
    private readonly Dictionary<EvidenceScope, ScopeBatch> _scopes = [];
    private long _exampleBytes;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The number of calls that it contains.</summary>
    public long Calls { get; private set; }

    public bool Empty => _scopes.Count == 0;

    public IReadOnlyDictionary<EvidenceScope, ScopeBatch> Scopes => _scopes;

    /// <summary>Whether anything further has to be counted as lost.</summary>
    public bool Full =>
        _exampleBytes >= limits.WaitingBytes || _scopes.Values.Sum(scope => scope.Entries) >= limits.Waiting;

    public void Sample(
        EvidenceScope scope,
        DateTimeOffset at,
        IReadOnlyList<string> keys,
        Occasion occasion = Occasion.Shadow
    ) => Of(scope).Sample(at, keys, occasion);

    public void Note(EvidenceScope scope, DateTimeOffset at, Access access) => Of(scope).Note(at, access);

    public void Drop(EvidenceScope scope, DateTimeOffset at, DropReason reason, Occasion occasion = Occasion.Shadow) =>
        Of(scope).Drop(at, reason, occasion);

    public void Add(Comparison comparison, IReadOnlyList<KeptExample> examples)
    {
        Of(comparison.Scope).Add(comparison, examples);
        // examples that the reservoirs dropped still count, so this is an upper bound
        _exampleBytes += examples.Sum(example => example.Bytes);
    }

    /// <summary>Counts what couldn't be stored. There is always room for that: it is a few lines per scope.</summary>
    public void Lose(EvidenceScope scope, DateTimeOffset at, string what, long count) =>
        Find(scope).Lose(at, what, count);

    private ScopeBatch Of(EvidenceScope scope)
    {
        Calls++;
        return Find(scope);
    }

    private ScopeBatch Find(EvidenceScope scope)
    {
        if (!_scopes.TryGetValue(scope, out var batch))
            _scopes[scope] = batch = new ScopeBatch(limits.PerPath);
        return batch;
    }
}
