namespace Strangler.Projections.Declaring;

/// <summary>A source table as one projection declares it.</summary>
internal sealed class TableModel
{
    /// <summary>Schema and table of the source.</summary>
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public required Type RowType { get; init; }

    /// <summary>The columns that the row type names, by their names in the source.</summary>
    public required IReadOnlyList<DeclaredColumn> Columns { get; init; }

    /// <summary>
    /// Creates a row from the mirror's JSON: an object whose members are the declared columns, with the values as the
    /// log has them.
    /// </summary>
    public required Func<ReadOnlyMemory<byte>, object> Read { get; init; }

    /// <summary>
    /// Reads the readable part of a row that <see cref="Read"/> refuses; null if the row type has faults.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, PartialRow>? ReadPart { get; init; }

    /// <summary>Whether every row belongs to every key.</summary>
    public bool Everywhere { get; set; }

    /// <summary>
    /// The hops by which its rows are reached, from a key or from the rows of another table. Filled while the
    /// declaration runs.
    /// </summary>
    public List<Hop> Hops { get; } = [];

    /// <summary>
    /// The values by which it is joined, each once, numbered within this projection and table: the own side of its
    /// hops, and the far side of hops that start from it. Filled while the declaration runs.
    /// </summary>
    public List<LinkModel> Links { get; } = [];

    /// <summary>
    /// Whether rows are found by the link's value: without it, the keys of a row are unknown. The other links only lead
    /// from rows that were found to further rows.
    /// </summary>
    public bool IsFoundBy(LinkModel link) => Hops.Exists(hop => ReferenceEquals(hop.To, link));
}
