using System.Globalization;
using System.Text.Json.Nodes;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The soak's <c>strangler.json</c>.</summary>
internal static class SoakConfiguration
{
    /// <summary>The highest age of a lookup.</summary>
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(3);

    public const string Lookup = "products";
    public const string Shadow = "shadowed";
    public const string Owner = "shop_owner";
    public const string OwnerPassword = "owner";

    public static string Write(string store, int sourcePort, Uri legacy, Uri gateway, Uri admin, Uri moments) =>
        new JsonObject
        {
            ["Store"] = new JsonObject { ["ConnectionString"] = store },
            ["Source"] = new JsonObject
            {
                ["topic.prefix"] = "shop",
                ["database.hostname"] = "127.0.0.1",
                ["database.port"] = sourcePort.ToString(CultureInfo.InvariantCulture),
                ["database.user"] = Owner,
                ["database.password"] = OwnerPassword,
                ["database.dbname"] = "shop",
                ["slot.name"] = "strangler",
                ["publication.name"] = "strangler",
                ["publication.autocreate.mode"] = "filtered",
                ["table.include.list"] = ShopTables.Captured,
            },
            ["Projections"] = new JsonObject
            {
                ["Assemblies"] = new JsonArray(
                    Path.Combine(AppContext.BaseDirectory, "Strangler.Soak.Projections.dll")
                ),
                ["Moments"] = Address(moments),
                ["KeyLimit"] = "00:01:00", // the first key is compiled within it
            },
            ["Gateway"] = new JsonObject
            {
                ["Urls"] = Address(gateway),
                ["Admin"] = Address(admin),
                ["AnswerHeader"] = true,
                ["Source"] =
                    $"Host=127.0.0.1;Port={sourcePort};Database=shop;Username={Owner};Password={OwnerPassword}",
            },
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject
                {
                    [Lookup] = Route("/products/{id}", "lookup"),
                    [Shadow] = Route("/shadowed/{id}", "shadow"),
                    ["rest"] = Plain("/{**rest}"),
                },
                ["Clusters"] = new JsonObject
                {
                    ["legacy"] = new JsonObject
                    {
                        ["Destinations"] = new JsonObject
                        {
                            ["d1"] = new JsonObject { ["Address"] = legacy.AbsoluteUri },
                        },
                    },
                },
            },
        }.ToJsonString();

    private static JsonObject Plain(string path) =>
        new()
        {
            ["ClusterId"] = "legacy",
            ["Match"] = new JsonObject { ["Path"] = path },
        };

    private static JsonObject Route(string path, string stage)
    {
        var route = Plain(path);
        route["Strangler"] = new JsonObject
        {
            ["Stage"] = stage,
            ["Projection"] = "ProductDetails",
            ["Key"] = "{id}",
            ["Anonymous"] = true,
            ["MaxStaleness"] = MaxStaleness.ToString("c", CultureInfo.InvariantCulture),
            ["Shadow"] = new JsonObject { ["ClockSkew"] = "00:00:00.0500000" },
        };
        return route;
    }

    private static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
