using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Strangler.CdcBridge;
using Strangler.CdcBridge.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway;
using Strangler.Projections;

namespace Strangler.Architecture.Tests.Documentation;

/// <summary>
/// The keys that the code reads, found by running its readers: the keys that they query are the ones they know. Keys of
/// a route begin with <c>Strangler</c>, and the index of a list entry is <c>N</c>.
/// </summary>
internal static partial class KnownKeys
{
    private const string Source = "Source:";
    private const string Kafka = "Kafka";
    private static readonly string[] Others = ["ReverseProxy", "Kestrel", "Authentication:Schemes:Bearer"];

    /// <summary>Has no faults, so that nothing is left unread, and an entry in each list.</summary>
    private const string Json = """
        {
          "Store": { "ConnectionString": "Host=127.0.0.1;Database=store" },
          "Log": { "Retention": "7.00:00:00", "Kafka": { "bootstrap.servers": "127.0.0.1:9092" } },
          "Source": { "topic.prefix": "shop" },
          "Projections": { "Assemblies": ["No.dll"] },
          "Gateway": {
            "Urls": "http://127.0.0.1:8080", "Admin": "http://127.0.0.1:8081", "SessionWrites": ["plain"]
          },
          "Authentication": { "Schemes": { "ApiKey": { "Keys": { "app": { "Value": "0123456789abcdef" } } } } },
          "Authorization": { "Policies": { "a": { "Claims": { "type": ["value"] } } } },
          "Cors": { "Policies": { "a": { "Origins": ["https://shop.example"] } } },
          "RateLimiter": {
            "Policies": {
              "a": { "Kind": "SlidingWindow", "PermitLimit": 1 },
              "b": { "Kind": "TokenBucket", "TokenLimit": 1, "TokensPerPeriod": 1 }
            }
          },
          "OutputCache": { "Policies": { "a": { "Expiration": "00:00:10" } } },
          "ReverseProxy": {
            "Routes": {
              "plain": {
                "ClusterId": "legacy", "Match": { "Path": "/" },
                "AuthorizationPolicy": "a", "CorsPolicy": "a", "RateLimiterPolicy": "a", "OutputCachePolicy": "a"
              },
              "route": {
                "ClusterId": "legacy", "Match": { "Path": "/{key}" },
                "Strangler": {
                  "AuthorizeBy": { "Path": "/access/{key}" },
                  "Compare": {
                    "Tolerances": [{ "Path": "$.a", "Time": "00:00:01" }, { "Path": "$.b", "Absolute": 1 }],
                    "KeyedBy": [{ "Path": "$.c", "By": "$.d" }],
                    "Parts": { "Path": "$.e[*]", "By": "$.f" }
                  }
                }
              }
            },
            "Clusters": { "legacy": { "Destinations": { "d1": { "Address": "http://127.0.0.1:9000/" } } } }
          }
        }
        """;

    /// <summary>The properties that the bridge acts on in the format of a <c>strangler.json</c>.</summary>
    public static IReadOnlyList<string> Properties { get; } =
    [
        .. PropertyTable
            .All.Where(rule => rule is { Family: null } && rule.In(EventFormat.Strangler) == PropertyTreatment.Honoured)
            .Select(rule => rule.Name),
    ];

    /// <summary>Every key that is read, including sections that only contain others.</summary>
    public static IReadOnlySet<string> Asked { get; } = Read();

    /// <summary>The keys that contain no others.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. Asked.Where(key => !Asked.Any(other => other.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))];

    public static IConfigurationRoot Parse(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    /// <summary>What the readers report about a configuration, without contacting anything.</summary>
    public static IReadOnlyList<Fault> Faults(IConfiguration configuration) =>
        [
            .. BridgeCheck.Check(configuration),
            .. ProjectionsCheck.Check(configuration),
            .. GatewayCheck.Check(configuration, responders: null),
        ];

    private static HashSet<string> Read()
    {
        var recording = new RecordingConfiguration(Parse(Json));
        if (GatewayCheck.Check(recording, responders: null) is [var fault, ..])
            throw new FaultException(fault);
        BridgeCheck.Check(recording);
        ProjectionsCheck.Check(recording);
        Load(recording);
        // the section has the names of a worker's file, and a table of its own
        var asked = recording.Asked.Select(Name).OfType<string>().Where(key => key != Kafka);
        IEnumerable<string> keys =
        [
            .. asked,
            .. Properties.Select(property => Source + property),
            $"{Kafka}:bootstrap.servers",
            .. Logins(),
        ];
        return keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The assembly doesn't exist, which is reported after its keys have been read.</summary>
    private static void Load(RecordingConfiguration recording)
    {
        try
        {
            ProjectionAssemblies.Load(recording);
        }
        catch (FaultException) { }
    }

    /// <summary>Null: it is YARP's or ASP.NET Core's.</summary>
    private static string? Name(string path)
    {
        var name = OfRoute().Replace(path, "Strangler");
        name = OfPolicy().Replace(name, "POLICY");
        name = OfKey().Replace(name, "NAME");
        name = OfClaim().Replace(name, "TYPE");
        var isOthers = Others.Any(other => name.StartsWith(other, StringComparison.Ordinal));
        return isOthers ? null : Place().Replace(name, "N");
    }

    /// <summary>Each part that <c>up</c> starts may have a login of its own in the store.</summary>
    private static IEnumerable<string> Logins() =>
        StranglerCommands
            .All.Where(command => command.Key != "up" && command.Value.Contains("--until-input-ends"))
            .Select(command => $"Store:{char.ToUpperInvariant(command.Key[0])}{command.Key[1..]}ConnectionString");

    [GeneratedRegex("^ReverseProxy:Routes:[^:]+:Strangler(?=:|$)")]
    private static partial Regex OfRoute();

    [GeneratedRegex("(?<=^(Authorization|Cors|RateLimiter|OutputCache):Policies:)[^:]+")]
    private static partial Regex OfPolicy();

    [GeneratedRegex("(?<=^Authentication:Schemes:ApiKey:Keys:)[^:]+")]
    private static partial Regex OfKey();

    [GeneratedRegex("(?<=^Authorization:Policies:POLICY:Claims:)[^:]+")]
    private static partial Regex OfClaim();

    [GeneratedRegex("(?<=:)[0-9]+(?=:|$)")]
    private static partial Regex Place();
}
