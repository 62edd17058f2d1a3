using Microsoft.AspNetCore.Http;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>A legacy service that answers in every way that HTTP allows. The area selects which.</summary>
internal static class LegacyAnswers
{
    public static readonly string[] Kinds =
    [
        "plain",
        "json",
        "chunked",
        "empty",
        "204",
        "206",
        "304",
        "302",
        "404",
        "500",
        "429",
        "large",
        "deep",
        "events",
        "headers",
        "broken",
        "gzip-lie",
    ];

    private static readonly byte[] Large = Enumerable.Range(0, 3 << 20).Select(index => (byte)(index * 31)).ToArray();

    public static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Server = "legacy/1.0";
        switch (context.Request.Query["area"])
        {
            case "json":
                await response.WriteAsJsonAsync(new { sku = 8 });
                break;
            case "chunked":
                await response.WriteAsync("one");
                await response.Body.FlushAsync();
                await response.WriteAsync("two");
                break;
            case "empty":
                break;
            case "204":
                response.StatusCode = 204;
                break;
            case "206":
                response.StatusCode = 206;
                response.Headers.ContentRange = "bytes 0-2/10";
                await response.WriteAsync("one");
                break;
            case "304":
                response.StatusCode = 304;
                response.Headers.ETag = "\"v1\"";
                break;
            case "302":
                response.Redirect("/elsewhere");
                break;
            case "404":
                response.StatusCode = 404;
                await response.WriteAsync("none");
                break;
            case "500":
                response.StatusCode = 500;
                await response.WriteAsync("broken");
                break;
            case "429":
                response.StatusCode = 429;
                break;
            case "large":
                response.ContentLength = Large.Length;
                await response.Body.WriteAsync(Large);
                break;
            case "deep":
                response.ContentType = "application/json";
                await response.WriteAsync(new string('[', 10_000) + new string(']', 10_000));
                break;
            case "events":
                response.ContentType = "text/event-stream";
                await response.WriteAsync("data: 1\n\n");
                break;
            case "headers":
                response.Headers.Append("Set-Cookie", "a=1; Path=/");
                response.Headers.Append("Set-Cookie", "b=2");
                response.Headers.CacheControl = "no-store";
                break;
            case "broken":
                response.ContentType = "application/json";
                await response.WriteAsync("{\"sku\":");
                break;
            case "gzip-lie":
                response.Headers.ContentEncoding = "gzip";
                await response.WriteAsync("this is not gzip");
                break;
            default:
                await response.WriteAsync("plain");
                break;
        }
    }
}
