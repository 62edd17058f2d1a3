using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>From the service unit: a unit without an entry counts as one piece.</summary>
internal static class Units
{
    public static decimal Pieces(string unit, Rows rows) =>
        rows.All<UnitConversion>().FirstOrDefault(conversion => conversion.Unit == unit)?.Pieces ?? 1;
}
