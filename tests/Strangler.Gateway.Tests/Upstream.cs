using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Strangler.Gateway.Tests;

/// <summary>A legacy service over real HTTP, which records its requests.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _application;

    private Upstream(WebApplication application) => _application = application;

    public string Address => _application.Urls.First();

    /// <summary>Method, target and body of every request.</summary>
    public ConcurrentQueue<(string Method, string Target, byte[] Body, IHeaderDictionary Headers)> Asked
    {
        get;
        private init;
    } = new();

    /// <summary>Every request's target as written.</summary>
    public ConcurrentQueue<string> RawTargets { get; private init; } = new();

    /// <param name="answer">Answers after the body has been read.</param>
    public static async Task<Upstream> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options =>
            {
                options.Limits.MaxRequestBodySize = null;
                options.AddServerHeader = false;
            })
            .UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var application = builder.Build();
        var asked = new ConcurrentQueue<(string, string, byte[], IHeaderDictionary)>();
        var raw = new ConcurrentQueue<string>();
        application.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            raw.Enqueue(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            asked.Enqueue(
                (
                    context.Request.Method,
                    context.Request.Path + context.Request.QueryString,
                    body.ToArray(),
                    new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase))
                )
            );
            await answer(context);
        });
        await application.StartAsync();
        return new Upstream(application) { Asked = asked, RawTargets = raw };
    }

    /// <summary>Answers with the target that it was asked for.</summary>
    public static Task<Upstream> EchoAsync() =>
        StartAsync(context =>
        {
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync($"legacy {context.Request.Path}{context.Request.QueryString}");
        });

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}
