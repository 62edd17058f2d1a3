using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// No spelling of a path leads around a policy: what legacy might read as a locked path is not sent to it as an open
/// one.
/// </summary>
public sealed class PolicyGuardTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("/open/a", 200)]
    [InlineData("/locked/a", 403)]
    [InlineData("/LOCKED/a", 403)]
    [InlineData("/%6Cocked/a", 403)]
    [InlineData("/open/../locked/a", 403)]
    [InlineData("/open/%2e%2e/locked/a", 403)]
    [InlineData("/open/..%2Flocked/a", 400)]
    [InlineData("/open/..%2flocked%2fa", 400)]
    [InlineData("/open/..%5Clocked/a", 400)]
    [InlineData("/open/..\\locked/a", 400)]
    [InlineData("/open/..%252Flocked/a", 400)]
    [InlineData("/open/%252e%252e/locked/a", 400)]
    [InlineData("/open/..;/locked/a", 400)]
    [InlineData("/locked;x=1/a", 400)]
    [InlineData("/locked%2Fa", 400)]
    [InlineData("//locked/a", 400)]
    [InlineData("/%2Flocked/a", 400)]
    [InlineData("/%256Cocked/a", 400)]
    [InlineData("/numbers/5;x", 400)]
    [InlineData("/numbers/5%2Fx", 400)]
    [InlineData("/numbers/5#x", 400)]
    [InlineData("/numbers/5%23x", 400)]
    [InlineData("/numbers/5%3Fx", 400)]
    [InlineData("/numbers/5\t", 403)]
    [InlineData("/numbers/5%09x", 400)]
    [InlineData("/numbers/5%2509", 400)]
    [InlineData("/lock\ted/a", 400)]
    [InlineData("/lock\u007Fed/a", 400)]
    [InlineData("/lock%1Fed/a", 400)]
    [InlineData("/locked#/a", 400)]
    [InlineData("/open/a%2Fb", 200)]
    [InlineData("/open/a#b", 200)]
    [InlineData("/open/caf%E4;v=1/%5B1%5D//x/./y", 200)]
    public async Task Invoke_SpellingsOfAPath_NeverLeadAroundAPolicy(string target, int status)
    {
        await using var upstream = RawUpstream.Answering(Ok);
        await using var application = await StartAsync(upstream.Address);
        using var connection = await RawConnection.OpenAsync(application.Urls.First(), TestContext.Current.CancellationToken);

        var (head, _) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");

        Assert.Equal(status, head.Status);
        Assert.Equal(status == 200 ? [target] : [], upstream.Asked.Select(asked => asked.Target));
    }

    private static async Task<WebApplication> StartAsync(string upstream)
    {
        RouteConfig[] routes =
        [
            new() { RouteId = "rest", ClusterId = "legacy", Match = new() { Path = "/{**rest}" } },
            new() { RouteId = "locked", ClusterId = "legacy", Match = new() { Path = "/locked/{**rest}" }, AuthorizationPolicy = "locked" },
            new() { RouteId = "numbers", ClusterId = "legacy", Match = new() { Path = "/numbers/{id:int}" }, AuthorizationPolicy = "locked" },
        ];
        ClusterConfig[] clusters = [new() { ClusterId = "legacy", Destinations = new Dictionary<string, DestinationConfig> { ["d1"] = new() { Address = upstream } } }];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new GatewayModel([], "", false, 1, "", [])).AddRouting().AddSingleton<IAuthorizationMiddlewareResultHandler, Forbidding>();
        builder.Services.AddAuthorization(options => options.AddPolicy("locked", policy => policy.RequireAssertion(_ => false)));
        builder.Services.AddReverseProxy().LoadFromMemory(routes, clusters).AddTransforms<RouteTransforms>();
        var application = builder.Build();
        application.UseRouting();
        application.UseAuthorization();
        application.MapReverseProxy(proxy => proxy.UseMiddleware<PolicyGuard>());
        await application.StartAsync(TestContext.Current.CancellationToken);
        return application;
    }

    private sealed class Forbidding : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (authorizeResult.Succeeded) return next(context);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
    }
}
