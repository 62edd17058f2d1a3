using Strangler.Projections.Declaring;

namespace Strangler.Projections.Testing;

/// <summary>A change of a row.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Key">The JSON of its primary key.</param>
/// <param name="Json">The row after the change; null if it is deleted.</param>
internal sealed record RowChange(TableModel Table, string Key, string? Json);
