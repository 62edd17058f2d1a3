namespace Strangler.Projections.Declaring;

/// <summary>A row with columns that can't be read.</summary>
/// <param name="Row">
/// The row with defaults for columns that can't be read: only for lambdas that don't read these columns, never for f.
/// Null if it can't be created.
/// </param>
/// <param name="Unreadable">The columns that can't be read.</param>
internal sealed record PartialRow(object? Row, IReadOnlySet<string> Unreadable)
{
    /// <summary>Whether the link has the same value as if all columns could be read.</summary>
    public bool Holds(LinkModel link) =>
        Row is not null && link.Columns is { } columns && !columns.Overlaps(Unreadable);
}
