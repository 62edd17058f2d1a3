using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>The server of the admin API: bound to loopback, its bodies and headers small.</summary>
internal static partial class AdminServer
{
    private const int MaxBodyBytes = 16 << 10;
    private const int MaxConnections = 100;

    /// <param name="url">Its address.</param>
    /// <param name="share">Adds what the endpoints use; the gateway owns it.</param>
    public static WebApplication Build(string url, Action<IServiceCollection> share)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = MaxBodyBytes;
                options.Limits.MaxConcurrentConnections = MaxConnections;
            })
            .UseUrls(url);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        share(builder.Services);
        var admin = builder.Build();
        admin.Use(GuardAsync);
        admin.MapRoutes();
        admin.MapDocuments();
        admin.MapLive();
        admin.MapEvidence();
        admin.MapDismissals();
        admin.MapFallback(
            (HttpRequest request) =>
                Problems.Of(
                    StatusCodes.Status404NotFound,
                    new Fault(
                        "path",
                        $"Nothing exists at '{request.Path}'.",
                        "Ask for '/routes', '/documents/{projection}/{key}', '/watermarks', '/stats', '/report', "
                            + "'/routes/{id}/report', '/routes/{id}/dismissals', '/evidence/examples/{id}', "
                            + "'/examples/{id}/explain' or '/health'."
                    )
                )
        );
        return admin;
    }

    /// <summary>A defect of ours is logged with its trace and reported in one sentence.</summary>
    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        if (LoopbackGuard.Refusal(context.Request) is { } refusal)
        {
            await Problems.Of(refusal.Status, refusal.Fault).ExecuteAsync(context);
            return;
        }
        var file = context.RequestServices.GetRequiredService<GatewayModel>().AdminTokenFile;
        if (AdminGuard.Owner(context.Request, file) is { } owner)
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.Name, owner)], "token"));
        }
        else if (!AdminGuard.IsOpen(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.Of(StatusCodes.Status401Unauthorized, AdminGuard.NoToken(file)).ExecuteAsync(context);
            return;
        }
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await Problems
                .Of(exception.StatusCode, new Fault("body", exception.Message, $"Send at most {MaxBodyBytes} bytes."))
                .ExecuteAsync(context);
        }
        catch (Exception exception)
            when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            RequestFailed(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Strangler.Gateway.Admin"),
                exception,
                // not the path, in which a key may be
                (context.GetEndpoint() as RouteEndpoint)
                    ?.RoutePattern
                    .RawText
            );
            await Problems
                .Of(
                    StatusCodes.Status500InternalServerError,
                    new Fault("gateway", "The request failed because of a defect in the gateway.", "See its log.")
                )
                .ExecuteAsync(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The admin API failed at '{Path}'.")]
    private static partial void RequestFailed(ILogger logger, Exception exception, string? path);
}
