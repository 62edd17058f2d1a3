using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>
/// The legacy service: reads the rows on each request, so that it is right whenever it answers. It knows exactly one
/// spelling of a path, answers anything else with 400 and the target that it got, and refuses uploads unread.
/// </summary>
internal sealed class ShopService : IAsyncDisposable
{
    /// <summary>The header that identifies its answers.</summary>
    public const string Mark = "Legacy-Says";

    private const string Json = "application/json; charset=utf-8";

    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _source;

    private ShopService(WebApplication app, NpgsqlDataSource source) => (_app, _source) = (app, source);

    public static async Task<ShopService> StartAsync(
        Uri address,
        NpgsqlDataSource source,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(address.AbsoluteUri);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var service = new ShopService(builder.Build(), source);
        service._app.Run(service.AnswerAsync);
        await service._app.StartAsync(cancellationToken);
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        context.Response.Headers[Mark] = "yes";
        var key = context.Request.Headers.ContainsKey("Upgrade") ? null : KeyOf(target);
        if (target == "/upload")
            await RefuseAsync(context);
        else if (key is not null)
            await AnswerAsync(context, key);
        else
            await WriteAsync(context, StatusCodes.Status400BadRequest, "text/plain", target);
    }

    private async Task AnswerAsync(HttpContext context, string key)
    {
        try
        {
            var bodies = await ShopTables.ReadAsync(_source, key, ReadLimit, context.RequestAborted);
            if (bodies.TryGetValue(key, out var body))
                await WriteAsync(context, StatusCodes.Status200OK, Json, body);
            else
                context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain", exception.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return WriteAsync(context, StatusCodes.Status413PayloadTooLarge, "text/plain", "too large");
    }

    private static string? KeyOf(string target)
    {
        string[] prefixes = ["/products/", "/shadowed/"];
        return prefixes
            .Where(prefix => target.StartsWith(prefix, StringComparison.Ordinal))
            .Select(prefix => target[prefix.Length..])
            .FirstOrDefault(ShopTables.Keys.Contains);
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, type, bytes.Length);
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
