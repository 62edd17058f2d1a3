using System.Net;
using System.Text.Json;

namespace Shop.Hosting;

/// <summary>
/// Calls the other services. Their addresses are known once all have started, or are read from a file.
/// </summary>
internal sealed class Peers(HttpClient http)
{
    private IReadOnlyDictionary<string, Uri> _addresses = new Dictionary<string, Uri>();

    public void Learn(IReadOnlyDictionary<string, Uri> addresses) => _addresses = addresses;

    /// <summary>A service's answer to a GET; null for 404.</summary>
    /// <exception cref="PeerException">It doesn't answer, or answers with another status.</exception>
    public async Task<T?> FindAsync<T>(string service, string path, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(service, HttpMethod.Get, path, null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        if (!response.IsSuccessStatusCode)
            throw new PeerException(service, $"answered {(int)response.StatusCode} to {path}");
        return await response.Content.ReadFromJsonAsync<T>(ShopJson.Options, cancellationToken);
    }

    /// <summary>A service's answer to a GET.</summary>
    /// <exception cref="PeerException">It doesn't answer, or not with 200.</exception>
    public async Task<T> GetAsync<T>(string service, string path, CancellationToken cancellationToken)
        where T : class =>
        await FindAsync<T>(service, path, cancellationToken)
        ?? throw new PeerException(service, $"knows nothing of {path}");

    /// <summary>A service's status and its JSON.</summary>
    public async Task<(int Status, JsonElement Answer)> AskAsync(
        string service,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(service, HttpMethod.Get, path, null, cancellationToken);
        return (
            (int)response.StatusCode,
            await response.Content.ReadFromJsonAsync<JsonElement>(ShopJson.Options, cancellationToken)
        );
    }

    /// <summary>Forwards a request unchanged, and returns its answer.</summary>
    public async Task<IResult> PassAsync(
        string service,
        HttpMethod method,
        string path,
        JsonElement? body,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(service, method, path, body, cancellationToken);
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return text.Length == 0
            ? Results.StatusCode((int)response.StatusCode)
            : new Passed((int)response.StatusCode, text);
    }

    private async Task<HttpResponseMessage> SendAsync(
        string service,
        HttpMethod method,
        string path,
        JsonElement? body,
        CancellationToken cancellationToken
    )
    {
        if (!_addresses.TryGetValue(service, out var address))
            throw new PeerException(service, "has no address here");
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        if (body is { } json)
            request.Content = JsonContent.Create(json, options: ShopJson.Options);
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new PeerException(service, "does not answer", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PeerException(service, "does not answer in time", exception);
        }
    }

    private sealed class Passed(int status, byte[] body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = body.Length;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
