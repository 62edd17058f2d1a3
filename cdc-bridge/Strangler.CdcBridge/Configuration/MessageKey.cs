using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>An entry of <c>message.key.columns</c>: the columns that are the key of matching tables.</summary>
/// <param name="Table">The table, by its whole name <c>schema.table</c>.</param>
/// <param name="Columns">The columns, in the key's order.</param>
internal sealed record MessageKey(JavaPattern Table, IReadOnlyList<string> Columns)
{
    /// <summary>
    /// The same columns as the connector matches them: one expression for each, against the whole name
    /// <c>schema.table.column</c>. The columns that an expression matches follow each other as in the table. If several
    /// entries match a table, their columns follow each other too.
    /// </summary>
    public IReadOnlyList<JavaPattern> Patterns { get; init; } = [];
}
