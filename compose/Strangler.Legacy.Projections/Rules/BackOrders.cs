using System.Globalization;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>The next delivery of a supplier: from back-order and calendar.</summary>
internal static class BackOrders
{
    public static BackOrderLine? Next(string site, Rows rows, Clock clock)
    {
        var next = rows.All<BackOrder>()
            .Where(order => order.State == "O" && !clock.Ended(order.ExpectedOn))
            .OrderBy(order => order.ExpectedOn)
            .ThenBy(order => order.Id)
            .FirstOrDefault();
        if (next is null)
            return null;
        var closed = rows.All<CalendarDay>().Where(day => day.SiteCode == site).Select(day => day.Day).ToHashSet();
        var day = next.ExpectedOn;
        while (day.DayOfWeek == DayOfWeek.Sunday || closed.Contains(day))
            day = day.AddDays(1);
        return new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), next.Quantity);
    }
}
