namespace Strangler.Projections.Declaring;

/// <summary>
/// A projection's class without its generic types: the tables and paths that it declares, and f. Immutable; created
/// once from the class.
/// </summary>
internal sealed class ProjectionModel
{
    public required ProjectionId Id { get; init; }

    /// <summary>What its version is computed from; null if unknown.</summary>
    public ProjectionCode? Code { get; init; }

    /// <summary>
    /// The declared tables, each once, in the order of their declaration: a table follows those through which it is
    /// reached.
    /// </summary>
    public required IReadOnlyList<TableModel> Tables { get; init; }

    /// <summary>The canonical text of a key; null if the text isn't a key.</summary>
    public required Func<string, string?> Canonical { get; init; }

    /// <summary>f for one key and its rows. Throws what the team's code throws.</summary>
    public required Func<string, Rows, DateTimeOffset, ComputedDocument> Compute { get; init; }

    public required IResponder Responder { get; init; }
}
