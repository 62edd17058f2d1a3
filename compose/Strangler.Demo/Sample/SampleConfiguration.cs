using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strangler.Demo.Sample;

/// <summary>The <c>strangler.json</c> of the sample system.</summary>
internal static class SampleConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The routes with a Strangler section, the one that the demo shows first.</summary>
    public static IReadOnlyList<string> RouteIds { get; } = ["availability", "availabilities", "item"];

    public static string Write(SampleAddresses addresses, BridgeLogin login) => new JsonObject
    {
        ["Store"] = new JsonObject { ["ConnectionString"] = addresses.StoreConnection },
        ["Source"] = new JsonObject
        {
            ["topic.prefix"] = "shop",
            ["database.hostname"] = "127.0.0.1",
            ["database.port"] = addresses.SourcePort.ToString(CultureInfo.InvariantCulture),
            ["database.user"] = login.User,
            ["database.password"] = login.Password,
            ["database.dbname"] = addresses.SourceDatabase,
            ["slot.name"] = "strangler",
            ["publication.name"] = BridgeLogin.Publication,
            ["publication.autocreate.mode"] = "disabled",
            ["table.include.list"] = string.Join(',', login.Tables),
        },
        ["Projections"] = new JsonObject { ["Assemblies"] = new JsonArray(addresses.ProjectionAssembly) },
        ["Gateway"] = new JsonObject { ["Urls"] = Address(addresses.Gateway), ["Admin"] = Address(addresses.Admin) },
        ["ReverseProxy"] = new JsonObject
        {
            ["Routes"] = new JsonObject
            {
                ["availability"] = Route("/api/items/{sku}/availability", "GET", new() { ["Projection"] = "ItemAvailability", ["Key"] = "{sku}", ["Query"] = new JsonArray("area") }),
                ["availabilities"] = Route("/api/availability", "POST", new() { ["Projection"] = "ItemAvailability", ["Key"] = "$.skus[*]", ["Body"] = new JsonArray("skus", "area"), ["ReadOnly"] = true }),
                ["item"] = Route("/api/items/{sku}", "GET", new() { ["Projection"] = "ItemDetails", ["Key"] = "{sku}" }),
                // Everything else is plain YARP.
                ["rest"] = new JsonObject { ["ClusterId"] = "legacy", ["Match"] = new JsonObject { ["Path"] = "/{**rest}" } },
            },
            ["Clusters"] = new JsonObject { ["legacy"] = new JsonObject { ["Destinations"] = new JsonObject { ["d1"] = new JsonObject { ["Address"] = addresses.Legacy.AbsoluteUri } } } },
        },
    }.ToJsonString(Indented);

    private static JsonObject Route(string path, string method, JsonObject strangler)
    {
        strangler.Insert(0, "Stage", "legacy");
        strangler["MaxStaleness"] = "00:00:30";
        return new() { ["ClusterId"] = "legacy", ["Match"] = new JsonObject { ["Path"] = path, ["Methods"] = new JsonArray(method) }, ["Strangler"] = strangler };
    }

    // YARP and Kestrel take an address without a path.
    private static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
