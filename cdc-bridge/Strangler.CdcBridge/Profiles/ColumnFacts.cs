using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Profiles;

/// <summary>What decides how a column is written.</summary>
/// <param name="Table">The table's whole name: <c>schema.table</c>.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="TypeModifier">The modifier of the column itself, not of a domain; -1 for none.</param>
/// <param name="IsNotNull">Whether it can't be null.</param>
/// <param name="IsRequired">Whether it can't be null by itself or by its domain.</param>
/// <param name="Default">The expression of its default; null for none.</param>
internal readonly record struct ColumnFacts(
    string Table,
    string Name,
    TypeModel Type,
    int TypeModifier,
    bool IsNotNull,
    bool IsRequired,
    string? Default
)
{
    /// <summary>Whether it is written for a row of a snapshot, which Debezium reads in another way.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary><c>schema.table.column</c>, which the expressions of the configuration match.</summary>
    public string WholeName => $"{Table}.{Name}";
}
