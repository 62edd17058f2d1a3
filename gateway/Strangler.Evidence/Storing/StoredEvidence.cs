using Strangler.Evidence.Reports;

namespace Strangler.Evidence.Storing;

/// <summary>The store's data about a scope.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Row">Its own figures; null: nothing was sampled in it.</param>
/// <param name="Earlier">Other scopes of the route, newest first.</param>
/// <param name="Counts">All its counts.</param>
/// <param name="Durations">By side and bucket.</param>
/// <param name="Spans">Oldest first.</param>
/// <param name="Unproven">All unproven keys, summed up.</param>
/// <param name="UnprovenKeys">The first of them.</param>
/// <param name="Lines">Which examples represent a path and kind, longest kept first.</param>
/// <param name="Examples">Fifty examples: the first of each line before the second of any.</param>
internal sealed record StoredEvidence(
    EvidenceScope Scope,
    ScopeRow? Row,
    IReadOnlyList<ScopeRow> Earlier,
    IReadOnlyList<CountRow> Counts,
    IReadOnlyList<DurationRow> Durations,
    IReadOnlyList<VerdictSpan> Spans,
    UnprovenTotal Unproven,
    IReadOnlyList<UnprovenKey> UnprovenKeys,
    IReadOnlyList<LineRow> Lines,
    IReadOnlyList<ExampleReport> Examples
)
{
    /// <summary>Dismissed faults of the route, newest first.</summary>
    public IReadOnlyList<DismissalReport> Dismissals { get; init; } = [];

    /// <summary>Wrong parts of the scope whose fault is dismissed.</summary>
    public long Dismissed => Dismissals.Sum(dismissal => Count(CountNames.Fault, dismissal.Fault));

    /// <summary>The first part that was wrong although no declared row of it had changed; null: none.</summary>
    public UndeclaredRow? Undeclared { get; init; }

    public long Count(string what, string name) =>
        Counts.Where(row => row.What == what && row.Name == name).Sum(row => row.N);
}
