using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Tests.Applying;

/// <summary>One table, one key: an item's quantity.</summary>
public sealed class Stocks : IProjection<Sku, StockDocument>
{
    public sealed record Stock(string Sku, int Quantity, string? Note);

    internal static readonly TableSchema Schema = new(
        "public",
        "stock",
        1,
        [
            new("sku", "text", 25, false, 0),
            new("quantity", "integer", 23, false, null),
            new("note", "text", 25, true, null),
        ],
        "1",
        false
    );

    internal static ProjectionModel Model(string version = "v1") =>
        ProjectionModelBuilder.Build(typeof(Stocks), version);

    internal static (string Key, string Row) Row(string sku, int quantity, string note = "null") =>
        ($$"""{"sku":"{{sku}}"}""", $$"""{"sku":"{{sku}}","quantity":{{quantity}},"note":{{note}},"unread":1}""");

    public static void Declare(ISources<Sku> from) =>
        from.Table<Stock>("public.stock").Key(stock => new Sku(stock.Sku));

    public static Projected<StockDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        rows.Single<Stock>() is { } stock
            ? new(new StockDocument(stock.Sku, stock.Quantity, stock.Note))
            : Projected<StockDocument>.Absent;
}

public sealed record StockDocument(string Sku, int Quantity, string? Note);

/// <summary>An item's number.</summary>
public readonly record struct Sku(string Value) : IParsable<Sku>
{
    public override string ToString() => Value;

    public static Sku Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse(string? s, IFormatProvider? provider, out Sku result)
    {
        result = new Sku(s ?? "");
        return !string.IsNullOrEmpty(s);
    }
}
