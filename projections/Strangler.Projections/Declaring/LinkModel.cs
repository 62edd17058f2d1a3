namespace Strangler.Projections.Declaring;

/// <summary>The value of one side of a hop, computed from one row when its version is written to the mirror.</summary>
/// <param name="Table">The table whose rows have it.</param>
/// <param name="Ordinal">Its zero-based number among the table's links in this projection.</param>
/// <param name="Value">
/// Computes the value's canonical text (invariant, roundtrip); null joins nothing. Throws what the team's lambda
/// throws.
/// </param>
internal sealed record LinkModel(TableModel Table, int Ordinal, Func<object, string?> Value)
{
    /// <summary>The columns that it reads; null if unknown.</summary>
    public IReadOnlySet<string>? Columns { get; init; }
}
