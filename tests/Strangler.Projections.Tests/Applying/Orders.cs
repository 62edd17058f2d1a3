using System.Globalization;
using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Tests.Applying;

/// <summary>Three tables in a chain, joined by values of which .NET can't hold all.</summary>
public sealed class Orders : IProjection<Sku, OrderDocument>
{
    internal static readonly TableSchema LineSchema = new(
        "public",
        "line",
        1,
        [
            new("id", "text", 25, false, 0),
            new("amount", "numeric", 1700, false, null),
            new("customer", "numeric", 1700, true, null),
        ],
        "1",
        false
    );
    internal static readonly TableSchema CustomerSchema = new(
        "public",
        "customer",
        2,
        [
            new("number", "numeric", 1700, false, 0),
            new("since", "date", 1082, false, null),
            new("region", "text", 25, false, null),
        ],
        "1",
        false
    );
    internal static readonly TableSchema RegionSchema = new(
        "public",
        "region",
        3,
        [new("name", "text", 25, false, 0), new("tax", "numeric", 1700, false, null)],
        "1",
        false
    );

    public sealed record Line(string Id, decimal Amount, decimal? Customer);

    public sealed record Customer(decimal Number, DateOnly Since, string Region);

    public sealed record Region(string Name, decimal Tax);

    internal static ProjectionModel Model() => ProjectionModelBuilder.Build(typeof(Orders), "v1");

    internal static (string Key, string Row) LineRow(string id, string amount, string customer) =>
        ($$"""{"id":"{{id}}"}""", $$"""{"id":"{{id}}","amount":"{{amount}}","customer":"{{customer}}"}""");

    internal static (string Key, string Row) CustomerRow(string number, string since, string region) =>
        ($$"""{"number":"{{number}}"}""", $$"""{"number":"{{number}}","since":"{{since}}","region":"{{region}}"}""");

    internal static (string Key, string Row) RegionRow(string name, string tax) =>
        ($$"""{"name":"{{name}}"}""", $$"""{"name":"{{name}}","tax":"{{tax}}"}""");

    public static void Declare(ISources<Sku> from)
    {
        from.Table<Line>("public.line").Key(line => new Sku(line.Id));
        from.Table<Customer>("public.customer")
            .Through((Line line) => line.Customer, customer => (decimal?)customer.Number);
        from.Table<Region>("public.region").Through((Customer customer) => customer.Region, region => region.Name);
    }

    public static Projected<OrderDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        rows.Single<Line>() is not { } line
            ? Projected<OrderDocument>.Absent
            : new(
                new OrderDocument(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{line.Amount} {rows.Single<Customer>()?.Since:yyyy-MM-dd} {rows.Single<Region>()?.Tax}"
                    )
                )
            );
}

public sealed record OrderDocument(string Text);
