namespace Strangler.CdcBridge.Schema;

/// <summary>A table whose replica identity is to become another one.</summary>
/// <param name="Table">The table, as <c>schema.table</c>.</param>
/// <param name="Statement">What gives it.</param>
internal sealed record IdentityChange(string Table, string Statement);
