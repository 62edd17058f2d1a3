using Strangler.Projections.Declaring;

namespace Strangler.Projections.Testing;

/// <summary>A given row.</summary>
/// <param name="Table">Its table.</param>
/// <param name="PrimaryKey">The JSON of its primary key; null if the test doesn't name one.</param>
/// <param name="Json">The JSON of its columns, as the mirror has it.</param>
internal sealed record GivenRow(TableModel Table, string? PrimaryKey, string Json);
