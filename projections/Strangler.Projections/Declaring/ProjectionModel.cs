namespace Strangler.Projections.Declaring;

/// <summary>
/// What a projection's class means, without its generic types: the tables and paths that it declares, and f. Immutable;
/// made once from the class.
/// </summary>
internal sealed class ProjectionModel
{
    public required ProjectionId Id { get; init; }

    /// <summary>What its version is made of; null: it isn't known.</summary>
    public ProjectionCode? Code { get; init; }

    /// <summary>
    /// The declared tables, each once, in the order of their declaration: a table stands behind those that it is
    /// reached through.
    /// </summary>
    public required IReadOnlyList<TableModel> Tables { get; init; }

    /// <summary>The canonical text of a key; null if the text is none.</summary>
    public required Func<string, string?> Canonical { get; init; }

    /// <summary>f for one key and its rows. Throws what the team's code throws.</summary>
    public required Func<string, Rows, DateTimeOffset, ComputedDocument> Compute { get; init; }

    public required IResponder Responder { get; init; }
}

/// <summary>What f made of a key, in bytes.</summary>
/// <param name="Bytes">The document as it is sent; null: absent.</param>
/// <param name="RecomputeAt">When it changes by itself; null: never.</param>
internal sealed record ComputedDocument(byte[]? Bytes, DateTimeOffset? RecomputeAt);
