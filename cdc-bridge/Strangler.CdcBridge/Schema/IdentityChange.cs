using Strangler.CdcBridge.Configuration;

namespace Strangler.CdcBridge.Schema;

/// <summary>A table whose replica identity is to become another one.</summary>
/// <param name="Table">The table.</param>
/// <param name="Statement">What gives it.</param>
/// <param name="IsPossible">Whether the server accepts the statement, as far as the catalogue tells.</param>
internal sealed record IdentityChange(TableName Table, string Statement, bool IsPossible);
