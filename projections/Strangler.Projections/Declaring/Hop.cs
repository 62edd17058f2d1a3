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
