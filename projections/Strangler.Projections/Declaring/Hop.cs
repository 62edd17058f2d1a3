namespace Strangler.Projections.Declaring;

/// <summary>
/// One hop of a path. It is read in both directions: from a key to its rows, and from a changed row to its keys.
/// </summary>
internal abstract record Hop
{
    private Hop() { }

    /// <summary>The row's own side of the hop.</summary>
    public required LinkModel To { get; init; }

    /// <summary>The link's value is the key's canonical text.</summary>
    public sealed record FromKey : Hop;

    /// <summary>
    /// The link's value equals that of <paramref name="From"/>, a link of another (or the same) table.
    /// </summary>
    public sealed record FromRow(LinkModel From) : Hop;
}

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
