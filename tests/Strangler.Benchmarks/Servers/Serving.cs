using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Strangler.Demo.Processes;

namespace Strangler.Benchmarks.Servers;

/// <summary>The servers that ours is measured against, each in a separate process: <c>serve ROLE …</c>.</summary>
internal static class Serving
{
    public const string Word = "serve";
    public const string Ready = "ready";

    /// <summary>The variable that holds the store's connection string.</summary>
    public const string Store = "STRANGLER_BENCH_STORE";

    /// <summary>The size of an answer for one area.</summary>
    private const int BodyLength = 1024;

    public static async Task RunAsync(string role, IReadOnlyList<string> arguments)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{FreePort.Take()}");
        builder.Services.AddRouting();
        var application = role switch
        {
            "upstream" => Fixed(builder),
            "yarp" => Yarp(builder, arguments[0]),
            "npgsql" => HandWritten(
                builder,
                Environment.GetEnvironmentVariable(Store)!,
                int.Parse(arguments[0], CultureInfo.InvariantCulture)
            ),
            _ => throw new ArgumentException($"'{role}' is not a server.", nameof(role)),
        };
        await application.StartAsync();
        Console.WriteLine($"{Ready} {Environment.ProcessId} {application.Urls.First()}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System); // ended by a signal
    }

    /// <summary>Bare Kestrel: the same bytes for every path.</summary>
    private static WebApplication Fixed(WebApplicationBuilder builder)
    {
        var body = new byte[BodyLength];
        Array.Fill(body, (byte)' ');
        "{\"sku\":\""u8.CopyTo(body);
        "\"}"u8.CopyTo(body.AsSpan(BodyLength - 2));
        var application = builder.Build();
        application.Run(context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        return application;
    }

    /// <summary>Plain YARP: the same route as ours in front of the same upstream, with nothing of ours.</summary>
    private static WebApplication Yarp(WebApplicationBuilder builder, string upstream)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Routes:availability:ClusterId"] = "legacy",
                    ["Routes:availability:Match:Path"] = "/api/items/{sku}/availability",
                    ["Routes:availability:Match:Methods:0"] = "GET",
                    ["Clusters:legacy:Destinations:d1:Address"] = upstream,
                }
            )
            .Build();
        builder.Services.AddReverseProxy().LoadFromConfig(configuration);
        var application = builder.Build();
        application.MapReverseProxy();
        return application;
    }

    /// <summary>A hand-written solution: one prepared statement, and the row's bytes are the answer.</summary>
    private static WebApplication HandWritten(WebApplicationBuilder builder, string connection, int build)
    {
        var store = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connection)
            {
                MaxAutoPrepare = 10,
                AutoPrepareMinUsages = 1,
                ApplicationName = "hand-written",
            }
        );
        var application = builder.Build();
        application.MapGet(
            "/api/items/{sku}",
            async (string sku, HttpContext context) =>
            {
                await using var command = store.CreateCommand(
                    "select bytes from projections.document where build = $1 and key = $2"
                );
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = build });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sku });
                if (await command.ExecuteScalarAsync(context.RequestAborted) is not byte[] bytes)
                {
                    context.Response.StatusCode = 404;
                    return;
                }
                context.Response.ContentType = "application/json; charset=utf-8";
                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            }
        );
        return application;
    }
}
