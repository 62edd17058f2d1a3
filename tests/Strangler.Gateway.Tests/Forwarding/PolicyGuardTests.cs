using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// No spelling of a path bypasses a policy: what legacy might interpret as a locked path isn't sent to it as an open
/// one.
/// </summary>
public sealed class PolicyGuardTests
{
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
        await using var host = await StartAsync();
        using var connection = await host.ConnectAsync();

        Assert.Equal((status, status == 200 ? target : null), await host.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData("http://shop.example/open/a", 200, "/open/a")]
    [InlineData("http://shop.example/locked/a", 403, null)]
    [InlineData("http://shop.example/open/../locked/a", 403, null)]
    [InlineData("http://shop.example/open/..%2Flocked/a", 400, null)]
    [InlineData("http://shop.example/open/%2e%2e%2Flocked/a", 400, null)]
    [InlineData("http://shop.example/open/..%5Clocked/a", 400, null)]
    [InlineData("http://shop.example/open/..%252Flocked/a", 400, null)]
    [InlineData("http://shop.example#/locked/a", 200, "/")]
    [InlineData("http://shop.example/open#/../locked/a", 200, "/open")]
    [InlineData("http://shop.example?x#/locked/a", 200, "/?x#/locked/a")]
    public async Task Invoke_AbsoluteForms_NeverLeadAroundAPolicy(string target, int status, string? asked)
    {
        await using var host = await StartAsync();
        using var connection = await host.ConnectAsync();

        Assert.Equal((status, asked), await host.AskForAsync(connection, target));
    }

    /// <summary>A backslash ends the authority for one server, and is part of it for another.</summary>
    [Theory]
    [InlineData("http://shop.example\\open/locked/a")]
    [InlineData("http://shop.example\\locked/a")]
    [InlineData("http://shop.example/open\\..\\locked/a")]
    public async Task Invoke_AbsoluteFormsWithBackslashes_NeverReachWhatIsLocked(string target)
    {
        await using var host = await StartAsync();
        using var connection = await host.ConnectAsync();

        var (_, asked) = await host.AskForAsync(connection, target);

        Assert.DoesNotContain("/locked", asked is null or "/open/locked/a" ? "" : asked, StringComparison.Ordinal);
    }

    /// <summary>YARP's own spelling removes dot segments, which the server leaves in an absolute form.</summary>
    [Fact]
    public async Task Invoke_WhereTheTargetIsYarps_NeverLeadsAroundAPolicy()
    {
        await using var host = await StartAsync(rawTarget: false);
        using var connection = await host.ConnectAsync();

        Assert.Equal((400, null), await host.AskForAsync(connection, "http://shop.example/open/..%2Flocked/a"));
        Assert.Equal((200, "/open/a%252Fb"), await host.AskForAsync(connection, "/open/a%2Fb"));
    }

    /// <summary>
    /// Transforms change a path's prefix, so a step up leads to another place than in the client's path.
    /// </summary>
    [Theory]
    [InlineData("/v1/a", 200, "/a")]
    [InlineData("/v1/admin/users", 403, null)]
    [InlineData("/v1/%61dmin/users", 403, null)]
    [InlineData("/v1/x/../admin/users", 403, null)]
    [InlineData("/v1/x/./y", 200, "/x/y")]
    [InlineData("/v1/a.b%2F.c/...", 200, "/a.b%2F.c/...")]
    [InlineData("/v1/..%2Fadmin/users", 400, null)]
    [InlineData("/v1/..%2F%61dmin/users", 400, null)]
    [InlineData("/v1/..%5Cadmin/users", 400, null)]
    [InlineData("/v1/..\\admin/users", 400, null)]
    [InlineData("/v1/..;x=1/admin/users", 400, null)]
    [InlineData("/v1/%252e%252e/admin/users", 400, null)]
    [InlineData("/v1/..%252Fadmin/users", 400, null)]
    [InlineData("/v1/.%09./admin/users", 400, null)]
    [InlineData("/v1/.%2Fadmin/users", 400, null)]
    [InlineData("/v1/x%2F..%2F..%2Fadmin/users", 400, null)]
    [InlineData("/v1//admin/users", 400, null)]
    [InlineData("/v1/%2Fadmin/users", 400, null)]
    public async Task Invoke_WithAPathThatIsMoved_NeverLeadsAroundAPolicy(string target, int status, string? asked)
    {
        await using var host = await PolicyHost.StartAsync(
            PolicyHost.Model,
            Route("v1", "/v1/{**r}", null, ("PathRemovePrefix", "/v1")),
            Route("v1-admin", "/v1/admin/{**r}", "locked", ("PathRemovePrefix", "/v1"))
        );
        using var connection = await host.ConnectAsync();

        Assert.Equal((status, asked), await host.AskForAsync(connection, target));
    }

    /// <summary>An interpretation of a path with a changed prefix may be locked too.</summary>
    [Theory]
    [InlineData("/files/a", 200, "/a")]
    [InlineData("/files/a%2Fb", 200, "/a%2Fb")]
    [InlineData("/files/admin%2Fusers", 400, null)]
    [InlineData("/files/admin%5Cusers", 400, null)]
    [InlineData("/files/admin%252Fusers", 400, null)]
    public async Task Invoke_WithAPathThatIsMovedTo_NeverLeadsToWhatIsLocked(string target, int status, string? asked)
    {
        await using var host = await PolicyHost.StartAsync(
            PolicyHost.Model,
            Route("files", "/files/{name}", null, ("PathPattern", "/{name}")),
            Route("admin", "/admin/users/{**r}", "locked")
        );
        using var connection = await host.ConnectAsync();

        Assert.Equal((status, asked), await host.AskForAsync(connection, target));
    }

    private static Task<PolicyHost> StartAsync(bool rawTarget = true) =>
        PolicyHost.StartAsync(
            PolicyHost.Model with
            {
                RawTarget = rawTarget,
            },
            Route("rest", "/{**rest}", null),
            Route("locked", "/locked/{**rest}", "locked"),
            Route("numbers", "/numbers/{id:int}", "locked")
        );

    private static RouteConfig Route(
        string id,
        string path,
        string? policy,
        params (string Name, string Value)[] transforms
    ) =>
        new()
        {
            RouteId = id,
            ClusterId = "legacy",
            Match = new() { Path = path },
            AuthorizationPolicy = policy,
            Transforms = [.. transforms.Select(pair => new Dictionary<string, string> { [pair.Name] = pair.Value })],
        };
}
