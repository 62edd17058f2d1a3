using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace Strangler.Demo.Sample;

/// <summary>The <c>strangler.json</c> of the sample system.</summary>
internal static class SampleConfiguration
{
    private const string Availability = "ItemAvailability";
    private const string Details = "ItemDetails";

    /// <summary>Four of five reads are about twenty items.</summary>
    private const int FewKeys = 20;
    private const string MaxStaleness = "00:00:30";
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The routes with a Strangler section, the one that the demo shows first.</summary>
    public static IReadOnlyList<string> RouteIds { get; } = ["availability", "availabilities", "item"];

    /// <summary>The route whose legacy answers depend on a setting that no projection declares.</summary>
    public const string GuardedRouteId = "item";

    /// <summary>The routes whose projection can have a planted mistake.</summary>
    public static IReadOnlyList<string> FaultyRouteIds { get; } = ["availability", "availabilities"];

    public static string Write(
        SampleAddresses addresses,
        BridgeLogin bridge,
        GatewayLogin gateway,
        SampleVariant variant
    ) =>
        new JsonObject
        {
            ["Store"] = new JsonObject { ["ConnectionString"] = addresses.StoreConnection },
            ["Log"] = Log(variant),
            ["Source"] = new JsonObject
            {
                ["topic.prefix"] = Prefix(variant),
                ["database.hostname"] = "127.0.0.1",
                ["database.port"] = addresses.SourcePort.ToString(CultureInfo.InvariantCulture),
                ["database.user"] = bridge.User,
                ["database.password"] = bridge.Password,
                ["database.dbname"] = addresses.SourceDatabase,
                ["slot.name"] = "strangler",
                ["publication.name"] = BridgeLogin.Publication,
                ["publication.autocreate.mode"] = "disabled",
                ["table.include.list"] = string.Join(',', bridge.Tables),
            },
            ["Projections"] = Projections(addresses, variant),
            ["Gateway"] = new JsonObject
            {
                ["Urls"] = Address(addresses.Gateway),
                ["Admin"] = Address(addresses.Admin),
                ["Source"] = Source(addresses, gateway),
            },
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject
                {
                    ["availability"] = Route(
                        "availability",
                        variant,
                        "/api/items/{sku}/availability",
                        "GET",
                        new()
                        {
                            ["Projection"] = variant.Fault?.Projection ?? Availability,
                            ["Key"] = "{sku}",
                            ["Query"] = new JsonArray("area"),
                            ["Anonymous"] = true,
                            ["Shadow"] = Shadow(variant.CacheSeconds),
                        }
                    ),
                    ["availabilities"] = Route(
                        "availabilities",
                        variant,
                        "/api/availability",
                        "POST",
                        new()
                        {
                            ["Projection"] = variant.Fault?.Projection ?? Availability,
                            ["Key"] = "$.skus[*]",
                            ["Body"] = new JsonArray("skus", "area"),
                            ["ReadOnly"] = true,
                            ["Anonymous"] = true,
                            ["Shadow"] = Shadow(variant.CacheSeconds),
                            ["Compare"] = new JsonObject
                            {
                                ["Parts"] = new JsonObject { ["Path"] = "$.items[*]", ["By"] = "$.sku" },
                            },
                        }
                    ),
                    ["item"] = Route(
                        "item",
                        variant,
                        "/api/items/{sku}",
                        "GET",
                        new()
                        {
                            ["Projection"] = Details,
                            ["Key"] = "{sku}",
                            ["Anonymous"] = true,
                            ["Shadow"] = Shadow(cacheSeconds: 0),
                        }
                    ),
                    // Everything else is plain YARP.
                    ["rest"] = new JsonObject
                    {
                        ["ClusterId"] = "legacy",
                        ["Match"] = new JsonObject { ["Path"] = "/{**rest}" },
                    },
                },
                ["Clusters"] = new JsonObject
                {
                    ["legacy"] = new JsonObject
                    {
                        ["Destinations"] = new JsonObject
                        {
                            ["d1"] = new JsonObject { ["Address"] = addresses.Legacy.AbsoluteUri },
                        },
                    },
                },
            },
        }.ToJsonString(Indented);

    private static JsonObject Log(SampleVariant variant) =>
        variant.Kafka is { } servers
            ? new JsonObject { ["Kafka"] = new JsonObject { ["bootstrap.servers"] = servers } }
            : [];

    /// <summary>A broker remains when the sample ends, so that each sample has topics of its own there.</summary>
    private static string Prefix(SampleVariant variant) =>
        variant.Kafka is null ? "shop" : $"shop-{Guid.NewGuid().ToString("N")[..8]}";

    private static JsonObject Projections(SampleAddresses addresses, SampleVariant variant)
    {
        var projections = new JsonObject
        {
            ["Assemblies"] = new JsonArray(addresses.Files.Projections),
            ["Moments"] = Address(addresses.Moments),
        };
        if (variant.Fault is not { } fault)
            return projections;
        projections["Assemblies"]!.AsArray().Add(addresses.Files.Faults);
        projections["Include"] = new JsonArray(fault.Projection, Details);
        return projections;
    }

    private static JsonObject Route(string id, SampleVariant variant, string path, string method, JsonObject strangler)
    {
        strangler.Insert(0, "Stage", "legacy");
        strangler["MaxStaleness"] = MaxStaleness;
        if (variant.IsRechecked)
            strangler["Recheck"] = new JsonObject { ["Share"] = 0.2, ["MaxPerSecond"] = 5 };
        if (variant.Matches.TryGetValue(id, out var matches))
            strangler["Gate"] = Gate(matches);
        return new()
        {
            ["ClusterId"] = "legacy",
            ["Match"] = new JsonObject { ["Path"] = path, ["Methods"] = new JsonArray(method) },
            ["Strangler"] = strangler,
        };
    }

    /// <summary>
    /// The sample is compared for seconds, while rows change all the time: most of its items are asked for once, and
    /// its machine may be slow.
    /// </summary>
    private static JsonObject Gate(int matches) =>
        new()
        {
            ["MinMatches"] = matches,
            ["MinKeys"] = Math.Min(matches, FewKeys),
            ["MinCoverage"] = 0.5,
            ["MaxUnseen"] = 1,
            ["MaxUnclear"] = 0.5,
            ["MinTime"] = "00:00:00",
            ["MaxLag"] = MaxStaleness,
        };

    /// <summary>
    /// All processes are on one machine and share its clock. An availability is cached from before the first read for
    /// it, not from its end, so that the time-out of the calls that fill the cache doesn't make it any older.
    /// </summary>
    private static JsonObject Shadow(int cacheSeconds)
    {
        var shadow = new JsonObject
        {
            ["PerSecond"] = 200,
            ["MaxConcurrent"] = 256,
            ["Wait"] = "00:00:20",
            ["ClockSkew"] = "00:00:00.0500000",
            ["AskAgain"] = new JsonObject { ["PerSecond"] = 10, ["Times"] = 8 },
        };
        if (cacheSeconds > 0)
            shadow["LegacyStaleness"] = TimeSpan.FromSeconds(cacheSeconds).ToString("c", CultureInfo.InvariantCulture);
        return shadow;
    }

    private static string Source(SampleAddresses addresses, GatewayLogin gateway) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = addresses.SourcePort,
            Database = addresses.SourceDatabase,
            Username = gateway.User,
            Password = gateway.Password,
        }.ConnectionString;

    // YARP and Kestrel expect an address without a path.
    private static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
