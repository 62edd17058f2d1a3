using Strangler.ChangeLog;

namespace Strangler.Evidence.Reports;

/// <summary>Why an example differs.</summary>
/// <param name="Example">The example.</param>
/// <param name="Problem">
/// Why the explanation is incomplete, and what would help; null: everything that follows is known.
/// </param>
/// <param name="Document">
/// What the projection's function makes of the rows at that position: the document's text; null: the key is absent, or
/// the function failed.
/// </param>
/// <param name="DocumentError">How the function failed; null: it didn't.</param>
/// <param name="Answer">What Respond makes of it, masked; null: it failed.</param>
/// <param name="Fields">The example's differing fields.</param>
/// <param name="Rows">All rows that the key reached then.</param>
/// <param name="Changes">How many row changes were undone, one at a time, to find those of the fields.</param>
public sealed record ExplainReport(
    ExampleReport Example,
    string? Problem,
    string? Document,
    string? DocumentError,
    AnswerReport? Answer,
    IReadOnlyList<FieldReport> Fields,
    IReadOnlyList<RowReport> Rows,
    int Changes
);

/// <summary>A differing field, and the row change that last touched it.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Legacy">Legacy's value; null: none.</param>
/// <param name="Lookup">The lookup's value.</param>
/// <param name="Touched">
/// The newest change without which the field had another value; null: none of the examined changes.
/// </param>
/// <param name="Without">The value that it would then have; null: none.</param>
public sealed record FieldReport(
    string Path,
    string? Legacy,
    string? Lookup,
    RowChangeReport? Touched,
    string? Without
);

/// <summary>The last change of a row.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Before">JSON text; null: it is no longer kept, or never existed.</param>
/// <param name="After">JSON text; null: deleted.</param>
/// <param name="Position">Its position in the source's log.</param>
/// <param name="CommittedAt">The source's clock at its commit, if known.</param>
public sealed record RowChangeReport(
    string Table,
    string PrimaryKey,
    string? Before,
    string? After,
    Position Position,
    DateTimeOffset? CommittedAt
);

/// <summary>A row that the key reached.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="PrimaryKey">JSON text.</param>
/// <param name="Row">JSON text of the declared columns.</param>
/// <param name="Since">The position from which this version is valid.</param>
public sealed record RowReport(string Table, string PrimaryKey, string Row, Position Since);
