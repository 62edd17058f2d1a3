using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Strangler.Cli.Tests.Proxy;

/// <summary>
/// A legacy service that answers with its name and what it received: a line with protocol, method and target as
/// written, and a line for each header. <c>/slow</c> never answers, and <c>/health</c> says whether it is healthy.
/// </summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private volatile bool _isHealthy = true;

    private EchoServer(string name, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrel(options => options.ConfigureEndpointDefaults(one => one.Protocols = protocols))
            .UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(context => AnswerAsync(name, context));
    }

    public string Address => _application.Urls.First();

    public bool IsHealthy
    {
        get => _isHealthy;
        set => _isHealthy = value;
    }

    public static async Task<EchoServer> StartAsync(string name, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var server = new EchoServer(name, protocols);
        await server._application.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(string name, HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Path.StartsWithSegments("/slow", StringComparison.Ordinal))
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        if (request.Path == "/health" && !_isHealthy)
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        var text = new StringBuilder();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        text.Append(name).Append(' ').Append(request.Protocol).Append(' ');
        text.Append(request.Method).Append(' ').Append(target).Append('\n');
        foreach (var (header, values) in request.Headers)
            text.Append(header).Append(": ").AppendJoin('|', values.ToArray()).Append('\n');
        response.Headers["X-Inner"] = "inside";
        await response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
