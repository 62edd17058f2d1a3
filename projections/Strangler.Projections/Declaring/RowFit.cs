using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;

namespace Strangler.Projections.Declaring;

/// <summary>
/// Checks whether a row type fits the table's catalogue. A column that doesn't fit stops the projection with a message;
/// it never becomes a default.
/// </summary>
internal static class RowFit
{
    /// <summary>Everything that doesn't fit; empty if everything does.</summary>
    public static IReadOnlyList<Fault> Faults(TableModel table, TableSchema schema)
    {
        var faults = new List<Fault>();
        var path = $"{table.Schema}.{table.Name}";
        if ((schema.Schema, schema.Table) != (table.Schema, table.Name))
        {
            return
            [
                new(
                    path,
                    $"Its topic carries the table {schema.Schema}.{schema.Table}, "
                        + "so that rows of the two cannot be told apart.",
                    "Capture one of them only, rename the other, and take a new snapshot."
                ),
            ];
        }
        if (!schema.Key().Any())
            faults.Add(
                new(
                    path,
                    "The table has no primary key, so its rows can't be told apart.",
                    "Add a primary key, or a unique index over columns that are not null as its REPLICA IDENTITY."
                )
            );
        foreach (var declared in table.Columns)
        {
            var property = $"{table.RowType.Name}.{declared.Property}";
            if (schema.Columns.FirstOrDefault(column => column.Name == declared.Name) is not { } column)
            {
                faults.Add(
                    new(
                        $"{path}.{declared.Name}",
                        $"The table has no column '{declared.Name}', which the property {property} of type "
                            + $"{Written(declared)} maps to.",
                        Near(declared, schema)
                    )
                );
            }
            else if (!ColumnTypes.Fits(declared.Type, column))
            {
                var fitting = ColumnTypes.For(column).Select(type => Name(type, column.Nullable));
                faults.Add(
                    new(
                        $"{path}.{declared.Name}",
                        $"The column is {column.Type}, which the property {property} of type {Written(declared)} "
                            + "can't hold.",
                        $"Give the property the type {string.Join(" or ", fitting)}."
                    )
                );
            }
            else if (column.Nullable && !declared.Nullable)
            {
                faults.Add(
                    new(
                        $"{path}.{declared.Name}",
                        $"The column is {column.Type} and may be null, which the property {property} of type "
                            + $"{Written(declared)} doesn't accept.",
                        $"Give the property the type {Written(declared)}?, or set the column NOT NULL."
                    )
                );
            }
        }
        return faults;
    }

    private static string Near(DeclaredColumn declared, TableSchema schema)
    {
        var same = schema.Columns.FirstOrDefault(column =>
            string.Equals(Letters(column.Name), Letters(declared.Name), StringComparison.OrdinalIgnoreCase)
        );
        return same is null
            ? "Name the column that it maps to with [Column(\"…\")], or remove the property."
            : $"Name the column with [Column(\"{same.Name}\")].";

        static string Letters(string name) => name.Replace("_", "", StringComparison.Ordinal);
    }

    private static string Written(DeclaredColumn column) => TypeName.Of(column.Type) + (column.Nullable ? "?" : "");

    private static string Name(Type type, bool nullable) =>
        (
            type == typeof(Enum) ? "an enum"
            : type == typeof(Enum[]) ? "an array of an enum"
            : TypeName.Of(type)
        ) + (nullable ? "?" : "");
}
