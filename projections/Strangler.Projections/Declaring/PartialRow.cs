namespace Strangler.Projections.Declaring;

/// <summary>A row of which not every column can be read.</summary>
/// <param name="Row">The row with defaults where a column can't be read: for lambdas that don't read those alone, never
/// for f. Null where it can't be made.</param>
/// <param name="Unreadable">The columns.</param>
internal sealed record PartialRow(object? Row, IReadOnlySet<string> Unreadable)
{
    /// <summary>Whether the link has the value that it would have if all could be read.</summary>
    public bool Holds(LinkModel link) =>
        Row is not null && link.Columns is { } columns && !columns.Overlaps(Unreadable);
}
