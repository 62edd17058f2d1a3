using System.Collections.Concurrent;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;

namespace Strangler.Gateway.Tests;

/// <summary>Evidence in memory.</summary>
internal sealed class FakeEvidence : IEvidence
{
    public ConcurrentQueue<Comparison> Comparisons { get; } = new();

    public ConcurrentQueue<DropReason> Dropped { get; } = new();

    public ConcurrentQueue<IReadOnlyList<string>> Sampled { get; } = new();

    public ConcurrentQueue<Access> Noted { get; } = new();

    /// <summary>Thrown instead of accepting anything.</summary>
    public Exception? Failure { get; set; }

    public IReadOnlyList<Verdict> Verdicts =>
        [.. Comparisons.SelectMany(comparison => comparison.Parts).Select(part => part.Verdict)];

    public void Add(Comparison comparison)
    {
        if (Failure is { } failure)
            throw failure;
        Comparisons.Enqueue(comparison);
    }

    public void Drop(EvidenceScope scope, DropReason reason, Occasion occasion = Occasion.Shadow)
    {
        if (Failure is { } failure)
            throw failure;
        Dropped.Enqueue(reason);
    }

    public void Note(EvidenceScope scope, Access access)
    {
        if (Failure is { } failure)
            throw failure;
        Noted.Enqueue(access);
    }

    public void Sample(EvidenceScope scope, IReadOnlyList<string> keys, Occasion occasion = Occasion.Shadow)
    {
        if (Failure is { } failure)
            throw failure;
        Sampled.Enqueue(keys);
    }
}
