namespace Strangler.Evidence.Reports;

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
