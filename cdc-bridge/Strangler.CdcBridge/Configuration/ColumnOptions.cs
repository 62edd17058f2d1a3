using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Which columns are written, and what is done to them. All names match as a whole, in any case.</summary>
internal sealed record ColumnOptions
{
    /// <summary>Only columns <c>schema.table.column</c> that one of them matches; empty for all.</summary>
    public IReadOnlyList<JavaPattern> Included { get; init; } = [];

    /// <summary>No column that one of them matches.</summary>
    public IReadOnlyList<JavaPattern> Excluded { get; init; } = [];

    /// <summary>In the order of the configuration; the first that matches a column applies.</summary>
    public IReadOnlyList<ColumnMask> Masks { get; init; } = [];

    /// <summary>Keys that take the place of the primary key.</summary>
    public IReadOnlyList<MessageKey> Keys { get; init; } = [];

    /// <summary>Columns whose source type stands in their schema (<c>column.propagate.source.type</c>).</summary>
    public IReadOnlyList<JavaPattern> PropagatedColumns { get; init; } = [];

    /// <summary>
    /// Types <c>schema.table.type</c> whose columns do the same (<c>datatype.propagate.source.type</c>).
    /// </summary>
    public IReadOnlyList<JavaPattern> PropagatedTypes { get; init; } = [];
}
