using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Strangler.Gateway.Forwarding;
using Strangler.Projections;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Everything that is needed to send a request to legacy again. It is a copy because the server reuses its own objects,
/// and it stays in memory because the headers include credentials. Conditional and range headers are left out, since
/// the whole answer is needed.
/// </summary>
internal sealed class SampledRequest
{
    private const int MaxTargetLength = 2_048;
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase)
    {
        "If-Match",
        "If-None-Match",
        "If-Modified-Since",
        "If-Unmodified-Since",
        "If-Range",
        "Range",
        "Expect",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "Cache-Control",
        "Pragma",
    };

    private readonly KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>[] _headers;
    private readonly RouteValueDictionary _routeValues;

    /// <param name="body">The JSON text of a request that has a body.</param>
    public SampledRequest(HttpContext context, string? body)
    {
        var request = context.Request;
        (Method, Protocol, Scheme, Host, PathBase, Path, Query) = (
            request.Method,
            request.Protocol,
            request.Scheme,
            request.Host,
            request.PathBase,
            request.Path,
            request.QueryString
        );
        RawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _headers = [.. request.Headers.Where(header => !LeftOut.Contains(header.Key) && !header.Key.StartsWith(':'))];
        _routeValues = new RouteValueDictionary(request.RouteValues);
        Body = body is null ? null : Encoding.UTF8.GetBytes(body);
        Endpoint = context.GetEndpoint();
        (RemoteAddress, RemotePort, LocalAddress, LocalPort) = (
            context.Connection.RemoteIpAddress,
            context.Connection.RemotePort,
            context.Connection.LocalIpAddress,
            context.Connection.LocalPort
        );
    }

    public string Method { get; }

    public string Protocol { get; }

    public string Scheme { get; }

    public HostString Host { get; }

    public PathString PathBase { get; }

    public PathString Path { get; }

    public QueryString Query { get; }

    /// <summary>The target as the client wrote it.</summary>
    public string RawTarget { get; }

    public byte[]? Body { get; }

    public Endpoint? Endpoint { get; }

    public IPAddress? RemoteAddress { get; }

    public int RemotePort { get; }

    public IPAddress? LocalAddress { get; }

    public int LocalPort { get; }

    /// <summary>
    /// Approximately what it holds: names and values of headers, the target, and the body as received and as parsed.
    /// </summary>
    public long Bytes
    {
        get
        {
            var headers = _headers.Sum(header => header.Key.Length + header.Value.Sum(value => value?.Length ?? 0));
            var target = RawTarget.Length + (Path.Value?.Length ?? 0) + (Query.Value?.Length ?? 0);
            return 2L * (headers + target + (Body?.Length ?? 0));
        }
    }

    /// <summary>The names of its headers, in lower case.</summary>
    public IEnumerable<string> HeaderNames => _headers.Select(header => header.Key.ToLowerInvariant());

    /// <summary>The destination that answered. The same one is asked again.</summary>
    public DestinationState? Destination { get; set; }

    /// <summary>Method, path and query in readable form, bounded in length.</summary>
    public string Line
    {
        get
        {
            var line = $"{Method} {PathBase}{Path}{Query}";
            return line.Length <= MaxTargetLength ? line : line[..MaxTargetLength];
        }
    }

    /// <param name="request">The copy.</param>
    /// <param name="without">Names of headers that it doesn't get, in lower case. Null: it gets all.</param>
    public void CopyTo(HttpRequest request, IReadOnlyCollection<string>? without = null)
    {
        (
            request.Method,
            request.Protocol,
            request.Scheme,
            request.Host,
            request.PathBase,
            request.Path,
            request.QueryString
        ) = (Method, Protocol, Scheme, Host, PathBase, Path, Query);
        request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = RawTarget;
        foreach (var (name, value) in _headers)
        {
            if (without?.Contains(name.ToLowerInvariant()) is not true)
                request.Headers[name] = value;
        }
        foreach (var (name, value) in _routeValues)
            request.RouteValues[name] = value;
        if (Body is null)
            return;
        request.Body = new MemoryStream(Body, writable: false);
        request.ContentLength = Body.Length;
    }

    /// <summary>The answer that its client would get: the route's response transforms apply to every answer.</summary>
    public async ValueTask<Answer> TransformAsync(Answer answer)
    {
        if (Endpoint?.Metadata.GetMetadata<RouteModel>() is not { } route)
            return answer;
        var context = new DefaultHttpContext();
        CopyTo(context.Request);
        using var message = AnswerTransforms.MessageOf(answer);
        var hasBody = await AnswerTransforms.WriteHeadAsync(context, route, message);
        var body = hasBody ? answer.Body : default;
        return new Answer(context.Response.StatusCode, ForwardOutcome.Headers(context.Response), body);
    }
}
