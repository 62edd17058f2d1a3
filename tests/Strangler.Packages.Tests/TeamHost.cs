using System.Text.Json;
using System.Text.Json.Nodes;
using Strangler.Demo.Processes;

namespace Strangler.Packages.Tests;

/// <summary>
/// A minimal host of YARP, as <c>dotnet new web</c> begins one, to which the team has added Strangler.
/// </summary>
internal sealed class TeamHost : IAsyncDisposable
{
    /// <summary>The route that a lookup may answer.</summary>
    public const string Route = "own-book";

    private const string Program = """
        var builder = WebApplication.CreateBuilder(args);

        builder
            .Services.AddReverseProxy()
            .LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

        var app = builder.Build();
        app.MapGet("/own", () => "own");
        app.MapReverseProxy();
        app.Run();
        """;

    private readonly GuardedProcess _process;
    private readonly HttpClient _http;

    private TeamHost(GuardedProcess process, Uri address, string shared) =>
        (_process, _http, Shared) = (process, new HttpClient { BaseAddress = address }, shared);

    /// <summary>The configuration that it shares with the tool's bridge and projections.</summary>
    public string Shared { get; }

    /// <summary>Writes it, builds it with the library's package, and starts it beside the tool.</summary>
    public static async Task<TeamHost> StartAsync(BookShop shop, PackageFile library)
    {
        var folder = Directory.CreateDirectory(Path.Combine(shop.Folder, "Host")).FullName;
        var references = new Dictionary<string, string>
        {
            ["Yarp.ReverseProxy"] = library.Dependencies["Yarp.ReverseProxy"],
            [library.Id] = library.Version,
        };
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Host.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(
                references.Select(one => $"<PackageReference Include=\"{one.Key}\" Version=\"{one.Value}\" />")
            )}
              </ItemGroup>
            </Project>
            """
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), DocumentedDiff.Apply("Program.cs", Program));
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), Settings(shop));
        var shared = Path.Combine(shop.Project, "shared.json");
        await File.WriteAllTextAsync(shared, WithoutRoutes(await File.ReadAllTextAsync(shop.Configuration)));
        await shop.DotnetAsync(folder, "build", "--configuration", "Release");

        var address = $"http://127.0.0.1:{FreePort.Take()}";
        string[] command =
        [
            "dotnet",
            Path.Combine(folder, "bin", "Release", "net10.0", "Host.dll"),
            "--contentRoot",
            folder,
            "--Strangler",
            shared,
            "--Urls",
            address,
        ];
        return new(shop.Start(command), new Uri(address), shared);
    }

    public Task<(string? Answerer, int Status, string Body)> AskAsync(string path) => BookShop.AskAsync(_http, path);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>The host's own routes, of which one has a section.</summary>
    private static string Settings(BookShop shop) =>
        $$"""
            {
              "ReverseProxy": {
                "Routes": {
                  "{{Route}}": {
                    "ClusterId": "legacy",
                    "Match": { "Path": "/books/{id}" },
                    "Strangler": { "Projection": "BookDetails", "Key": "{id}", "Anonymous": true }
                  },
                  "rest": { "ClusterId": "legacy", "Match": { "Path": "/{**rest}" } }
                },
                "Clusters": { "legacy": { "Destinations": { "d1": { "Address": "{{shop.LegacyAddress}}" } } } }
              }
            }
            """;

    /// <summary>
    /// The tool's configuration without its routes, and with an address for this gateway's admin API.
    /// </summary>
    private static string WithoutRoutes(string configuration)
    {
        var shared = JsonNode.Parse(
            configuration,
            documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }
        )!;
        shared.AsObject().Remove("ReverseProxy");
        shared["Gateway"]!["Admin"] = $"http://127.0.0.1:{FreePort.Take()}";
        return shared.ToJsonString();
    }
}
