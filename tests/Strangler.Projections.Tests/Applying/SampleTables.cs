using Strangler.ChangeLog.Tables;

namespace Strangler.Projections.Tests.Applying;

/// <summary>The tables of the loaded projections.</summary>
internal static class SampleTables
{
    public static readonly TableSchema Stock = new(
        "public",
        "stock",
        1,
        [
            new("sku", "text", 25, false, 0),
            new("on_hand", "integer", 23, false, null),
            new("warehouse_id", "text", 25, false, null),
        ],
        "1",
        false
    );
    public static readonly TableSchema Warehouse = new(
        "public",
        "warehouse",
        2,
        [new("id", "text", 25, false, 0), new("is_open", "boolean", 16, false, null)],
        "1",
        false
    );
}
