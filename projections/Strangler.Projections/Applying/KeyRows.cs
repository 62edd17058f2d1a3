namespace Strangler.Projections.Applying;

/// <summary>The rows that the declared paths reach from a key.</summary>
/// <param name="Key">The key's canonical text.</param>
/// <param name="Named">Whether a row of a <c>Key</c> table names the key; if none does, the key is absent.</param>
/// <param name="Tables">Rows by the table's index in the declaration, sorted by primary key.</param>
internal sealed record KeyRows(string Key, bool Named, IReadOnlyList<IReadOnlyList<GatheredRow>> Tables);
