using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Telemetry;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// A server with authorization before YARP and the gateway's forwarding, like a host that embeds it. Its policy
/// <c>locked</c> refuses everybody.
/// </summary>
internal sealed class PolicyHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private PolicyHost(RawUpstream upstream, WebApplication application) =>
        (Upstream, _application) = (upstream, application);

    public RawUpstream Upstream { get; }

    public string Address => _application.Urls.First();

    /// <summary>The paths against which routes were matched, in order.</summary>
    public ConcurrentQueue<string> Routed { get; } = new();

    public static async Task<PolicyHost> StartAsync(GatewayModel model, params RouteConfig[] routes)
    {
        var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var destinations = new Dictionary<string, DestinationConfig> { ["d1"] = new() { Address = upstream.Address } };
        ClusterConfig[] clusters = [new() { ClusterId = "legacy", Destinations = destinations }];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddMetrics();
        builder
            .Services.AddSingleton(model)
            .AddSingleton<GatewayMetrics>()
            .AddSingleton<PolicyRoutes>()
            .AddSingleton<PolicyGuard>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, Forbidding>();
        builder.Services.AddAuthorization(options =>
            options.AddPolicy("locked", policy => policy.RequireAssertion(_ => false))
        );
        builder.Services.AddReverseProxy().LoadFromMemory(routes, clusters).AddTransforms<RouteTransforms>();
        var application = builder.Build();
        var host = new PolicyHost(upstream, application);
        application.Use(
            (context, next) =>
            {
                host.Routed.Enqueue(context.Request.Path.Value ?? "");
                return next(context);
            }
        );
        var guard = application.Services.GetRequiredService<PolicyGuard>();
        application.UseRouting();
        application.UseAuthorization();
        application.MapReverseProxy(proxy =>
            proxy.Use((context, next) => guard.InvokeAsync(context, passed => next(passed)))
        );
        await application.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The model of a gateway with an empty configuration.</summary>
    public static GatewayModel Model { get; } = new([], "", false, 1, "", []);

    public Task<RawConnection> ConnectAsync() =>
        RawConnection.OpenAsync(Address, TestContext.Current.CancellationToken);

    /// <summary>Asks for a target, and returns the one that legacy received. Null if legacy wasn't asked.</summary>
    public async Task<(int Status, string? Target)> AskForAsync(
        RawConnection connection,
        string target,
        string host = "shop.example"
    )
    {
        Upstream.Asked.Clear();
        Routed.Clear();
        var (head, _) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        return (head.Status, Upstream.Asked.TryDequeue(out var asked) ? asked.Target : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private sealed class Forbidding : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(
            RequestDelegate next,
            HttpContext context,
            AuthorizationPolicy policy,
            PolicyAuthorizationResult authorizeResult
        )
        {
            if (authorizeResult.Succeeded)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
    }
}
