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
