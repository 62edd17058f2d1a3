using System.Globalization;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// <see cref="Stocks"/> whose function doesn't know the answer for a negative quantity: for good, or until a time if
/// the row has a note.
/// </summary>
public sealed class UnsureStocks : IProjection<Sku, StockDocument>
{
    internal static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    internal static ProjectionModel Model(string version = "v1") =>
        ProjectionModelBuilder.Build(typeof(UnsureStocks), version);

    public static void Declare(ISources<Sku> from) => Stocks.Declare(from);

    public static Projected<StockDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        rows.Single<Stocks.Stock>() switch
        {
            { Quantity: < 0, Note: not null } => Projected<StockDocument>.AskLegacy("for now", now + Pause),
            { Quantity: < 0 } stock => Projected<StockDocument>.AskLegacy(
                string.Create(CultureInfo.InvariantCulture, $"quantity {stock.Quantity}")
            ),
            _ => Stocks.Project(key, rows, now),
        };
}
