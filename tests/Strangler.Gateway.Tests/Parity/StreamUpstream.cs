using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>
/// A legacy service whose exchanges take long. Of a target, the last segment says what it does.
/// </summary>
internal sealed class StreamUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;
    private long _received;

    private StreamUpstream(HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = protocols);
            options.Limits.MaxRequestBodySize = null;
        });
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(AnswerAsync);
    }

    public string Address => _application.Urls.First();

    /// <summary>How much of an upload has come.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Set by a test that has received the first event.</summary>
    public TaskCompletionSource Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request waits for its end.</summary>
    public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The client of the request that waited has left.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<StreamUpstream> StartAsync(HttpProtocols protocols = HttpProtocols.Http1)
    {
        var upstream = new StreamUpstream(protocols);
        await upstream._application.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        Heard.TrySetResult();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context) =>
        context.Request.Path.Value!.Split('/')[^1] switch
        {
            "socket" => EchoMessagesAsync(context),
            "events" => SendEventsAsync(context),
            "upload" => ReceiveAsync(context),
            "call" => EchoPiecesAsync(context),
            _ => WaitAsync(context),
        };

    private static async Task EchoMessagesAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[64];
        while (
            await socket.ReceiveAsync(buffer, context.RequestAborted)
                is { MessageType: not WebSocketMessageType.Close } received
        )
        {
            await socket.SendAsync(
                buffer.AsMemory(0, received.Count),
                received.MessageType,
                received.EndOfMessage,
                context.RequestAborted
            );
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }

    /// <summary>The second event comes when the first one has been received.</summary>
    private async Task SendEventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: one\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Heard.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync("data: two\n\n", context.RequestAborted);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var buffer = new byte[64 * 1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            Interlocked.Add(ref _received, count);
        await context.Response.WriteAsync($"{Received}", context.RequestAborted);
    }

    /// <summary>As a call of gRPC that streams both ways does: the status comes as a trailer.</summary>
    private static async Task EchoPiecesAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var buffer = new byte[1024];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
        context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
    }

    private async Task WaitAsync(HttpContext context)
    {
        Waits.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            Left.TrySetResult();
        }
    }
}
