using System.Globalization;

namespace Strangler.Gateway.Tests.Shadowing.Simulation;

/// <summary>A row of one of four small tables.</summary>
/// <param name="Key">The item to which it belongs. For an item itself, its id.</param>
/// <param name="Value">Price, quantity, whether a warehouse is open, or when an offer ends.</param>
/// <param name="Warehouse">Only for a stock.</param>
internal readonly record struct SimRow(int Key, long Value, int Warehouse = 0);

/// <summary>Names one row: <c>i</c>tem, <c>s</c>tock, <c>w</c>arehouse or <c>o</c>ffer.</summary>
internal readonly record struct SimId(char Table, int Id);

/// <summary>A change of one row. Null if deleted.</summary>
internal sealed record SimChange(SimId Id, SimRow? Row);

/// <summary>The projection's result for an item, and the faults that it can have.</summary>
internal enum SimFault
{
    None,
    ClosedWarehousesCount,
    PriceOffByOne,
    OfferIgnored,
    AbsentAsZero,
}

/// <summary>The rendering of both f and legacy: one text for each state.</summary>
internal static class SimAnswer
{
    public static string Text(int key, long price, long total, int rows, long quantity, bool offer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sku":{{key}},"price":{{price}},"total":{{total}},"rows":{{rows}},"quantity":"""
                + $$"""{{quantity}},"offer":{{(offer ? "true" : "false")}}}"""
        );

    /// <summary>Null if absent.</summary>
    public static string? Of(IReadOnlyDictionary<SimId, SimRow> state, int key, long clock, long scale, SimFault fault)
    {
        if (!state.TryGetValue(new('i', key), out var item))
            return fault == SimFault.AbsentAsZero ? Text(key, 0, 0, 0, 0, false) : null;
        var (rows, quantity, offer) = (0, 0L, false);
        foreach (var (id, row) in state)
        {
            if (row.Key != key)
                continue;
            if (id.Table == 'o')
                offer |= row.Value > clock;
            if (id.Table != 's')
                continue;
            rows++;
            if (
                fault == SimFault.ClosedWarehousesCount
                || state.TryGetValue(new('w', row.Warehouse), out var warehouse) && warehouse.Value != 0
            )
                quantity += row.Value;
        }
        var price = item.Value * scale + (fault == SimFault.PriceOffByOne ? 1 : 0);
        return Text(key, price, price * quantity, rows, quantity, offer && fault != SimFault.OfferIgnored);
    }

    /// <summary>Whether an item's answer reads a row in a state.</summary>
    public static bool Reads(IReadOnlyDictionary<SimId, SimRow> state, int key, SimId id)
    {
        if (id.Table != 'w')
            return state.TryGetValue(id, out var row) && row.Key == key;
        return state.Any(pair => pair.Key.Table == 's' && pair.Value.Key == key && pair.Value.Warehouse == id.Id);
    }
}
