using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;
using Strangler.Projections.Configuration;

namespace Strangler.Projections.Moments;

/// <summary>
/// Serves moments to gateways of this machine: <c>POST moments/evaluate</c>, <c>POST moments/explain</c>, <c>GET
/// moments/health</c>. Bound to loopback, with small request bodies. A question without the secret isn't answered
/// (401). A request for another host's name, or from a web page, is refused: only a browser would send one.
/// </summary>
public sealed class MomentsServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 1 << 20;
    private const string Health = "/moments/health";
    private const int MaxConnections = 1_024;
    private readonly WebApplication _server;

    private MomentsServer(WebApplication server) => _server = server;

    /// <summary>The address on which it listens.</summary>
    public Uri Address => new(_server.Urls.First());

    /// <exception cref="FaultException">The address is already in use.</exception>
    public static async Task<MomentsServer> StartAsync(
        Uri address,
        MomentsSecret secret,
        IMoments moments,
        ILoggerFactory logs,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options =>
            {
                options.AddServerHeader = false;
                options.Limits.MaxRequestBodySize = MaxBodyBytes;
                options.Limits.MaxConcurrentConnections = MaxConnections;
            })
            .UseUrls(address.GetLeftPart(UriPartial.Authority));
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var server = builder.Build();
        var failures = new QuestionFailures(logs.CreateLogger("Strangler.Projections.Moments"), TimeProvider.System);
        server.Use((context, next) => GuardAsync(context, next, secret, failures));
        server.MapPost(
            MomentsJson.Evaluate,
            async (HttpRequest request, CancellationToken aborted) =>
                TypedResults.Json(
                    WireBracket.Of(
                        await moments.EvaluateAsync(await BodyAsync<BracketQuestion>(request, aborted), aborted)
                    ),
                    MomentsJson.Options
                )
        );
        server.MapPost(
            MomentsJson.Explain,
            async (HttpRequest request, CancellationToken aborted) =>
                TypedResults.Json(
                    WireExplainAnswer.Of(
                        await moments.ExplainAsync(await BodyAsync<ExplainQuestion>(request, aborted), aborted)
                    ),
                    MomentsJson.Options
                )
        );
        server.MapGet(Health, () => TypedResults.Ok());
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            await server.DisposeAsync();
            throw new FaultException(
                new Fault(
                    ProjectionsConfig.MomentsPath,
                    $"Can't listen on the address '{address}': {exception.Message}",
                    "End the other program, which may be another 'strangler up', or choose another port."
                ),
                exception
            );
        }
        return new MomentsServer(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<T> BodyAsync<T>(HttpRequest request, CancellationToken aborted) =>
        await request.ReadFromJsonAsync<T>(MomentsJson.Options, aborted)
        ?? throw new ArgumentException("The question is null.");

    private static async Task GuardAsync(
        HttpContext context,
        RequestDelegate next,
        MomentsSecret secret,
        QuestionFailures failures
    )
    {
        if (LoopbackGuard.Refusal(context.Request) is var (status, fault))
        {
            await SayAsync(status, fault.Problem);
            return;
        }
        if (
            context.Request.Path != Health
            && !secret.IsShownBy(context.Request.Headers.Authorization is [{ } shown] ? shown : null)
        )
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await SayAsync(StatusCodes.Status401Unauthorized, secret.Refusal);
            return;
        }
        try
        {
            await next(context);
        }
        catch (Exception exception)
            when (context.RequestAborted.IsCancellationRequested
                && exception is OperationCanceledException or IOException
            )
        {
            context.Abort();
        }
        catch (Exception exception)
            when (exception is MomentsUnavailableException or FaultException { InnerException: TimeoutException })
        {
            await SayAsync(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            await SayAsync(exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException)
        {
            await SayAsync(StatusCodes.Status400BadRequest, exception.Message);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            failures.Say(exception, context.Request.Path);
            await SayAsync(
                StatusCodes.Status500InternalServerError,
                "The question failed because of a bug in the projections; see their log."
            );
        }

        Task SayAsync(int code, string text)
        {
            context.Response.StatusCode = code;
            return context.Response.WriteAsJsonAsync(
                new WireProblem(text),
                MomentsJson.Options,
                CancellationToken.None
            );
        }
    }
}
