namespace Strangler.Projections;

/// <summary>The explanation of a document.</summary>
public abstract record Explained
{
    private Explained() { }

    /// <summary>The state can't be read, for this reason.</summary>
    public sealed record Refused(string Problem, string WayOut) : Explained;

    /// <param name="Made">f's result for the rows.</param>
    /// <param name="Rows">All rows that the key reaches, by table and primary key.</param>
    /// <param name="Changes">
    /// For each row its last change at or before the position, newest first, and f's result without it.
    /// </param>
    public sealed record Known(Made Made, IReadOnlyList<ExplainedRow> Rows, IReadOnlyList<ExplainedChange> Changes)
        : Explained;
}
