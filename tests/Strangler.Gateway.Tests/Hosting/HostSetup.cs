using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Gateway.Health;
using Strangler.Hosting;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>A team's own host of YARP with Strangler, and its configuration.</summary>
internal static class HostSetup
{
    /// <summary>The section of the route <c>item</c>.</summary>
    public const string Item = "ReverseProxy:Routes:item:Strangler:";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<WebApplication> StartAsync(
        IConfiguration configuration,
        Action<IReverseProxyBuilder> load,
        Action<StranglerOptions>? configure = null,
        ILoggerFactory? log = null
    )
    {
        var answers = new FakeAnswers();
        answers.Put("7", """{"sku":7}""");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddLogging().AddRouting();
        builder.Services.AddAuthorization(options =>
            options.AddPolicy("locked", policy => policy.RequireAssertion(_ => false))
        );
        builder.Services.AddAuthentication().AddScheme<NobodyOptions, Nobody>("nobody", _ => { });
        var proxy = builder.Services.AddReverseProxy();
        load(proxy);
        proxy.AddStrangler(
            configuration,
            options =>
            {
                options.Responders = [new FakeResponder()];
                configure?.Invoke(options);
            }
        );
        builder.Services.AddSingleton<IAnswers>(answers);
        if (log is not null)
            builder.Services.AddSingleton(log);
        var host = builder.Build();
        host.UseRouting();
        host.UseAuthentication();
        host.UseAuthorization();
        host.MapGet("/own", () => "own");
        host.MapReverseProxy();
        await host.StartAsync(Cancellation);
        await GatewaySetup.UntilAsync(
            () => host.Services.GetRequiredService<WatermarkAges>().HasMoved,
            "the watermark has moved"
        );
        return host;
    }

    public static async Task<IConfigurationRoot> ConfiguredAsync(
        PostgresFixture postgres,
        Upstream upstream,
        params (string Key, string? Value)[] settings
    )
    {
        var store = await postgres.CreateDatabaseAsync("hosted");
        await using (var data = NpgsqlDataSource.Create(store))
            await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], Cancellation);
        var values = new Dictionary<string, string?>
        {
            ["Store:ConnectionString"] = store,
            ["Gateway:Admin"] = "http://127.0.0.1:0",
            ["Gateway:AdminTokenFile"] = GatewaySetup.TokenFile,
            ["ReverseProxy:Routes:item:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:item:Match:Path"] = "/items/{sku}",
            [Item + "Projection"] = "ItemAvailability",
            [Item + "Key"] = "{sku}",
            [Item + "RespondLimit"] = "00:01:00",
            ["ReverseProxy:Routes:locked:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:locked:AuthorizationPolicy"] = "locked",
            ["ReverseProxy:Routes:locked:Match:Path"] = "/locked/{sku}",
            ["ReverseProxy:Routes:locked:Strangler:Stage"] = "lookup",
            ["ReverseProxy:Routes:locked:Strangler:Projection"] = "ItemAvailability",
            ["ReverseProxy:Routes:locked:Strangler:Key"] = "{sku}",
            ["ReverseProxy:Routes:rest:ClusterId"] = "legacy",
            ["ReverseProxy:Routes:rest:Match:Path"] = "/{**rest}",
            ["ReverseProxy:Clusters:legacy:Destinations:d1:Address"] = upstream.Address,
        };
        foreach (var (key, value) in settings)
            values[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }

    public static IConfigurationSection Proxy(IConfiguration configuration) => configuration.GetSection("ReverseProxy");
}
