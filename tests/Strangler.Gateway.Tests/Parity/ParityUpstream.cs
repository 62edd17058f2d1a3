using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Strangler.Gateway.Tests.Forwarding;

namespace Strangler.Gateway.Tests.Parity;

/// <summary>A legacy service of bare sockets that answers as a request's <c>X-Answer</c> says.</summary>
internal sealed class ParityUpstream : IAsyncDisposable
{
    private static readonly string Large = string.Concat(Enumerable.Repeat("0123456789abcdef", 20_000));

    /// <summary>Answers as bytes. One that ends with the connection has neither a length nor chunks.</summary>
    private static readonly Dictionary<string, string> Answers = new(StringComparer.Ordinal)
    {
        ["ok"] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        ["empty"] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        ["large"] = $"HTTP/1.1 200 OK\r\nContent-Length: {Large.Length}\r\n\r\n{Large}",
        ["chunked"] =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\n",
        ["trailers"] =
            "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n",
        ["ended"] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
        ["old"] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello",
        ["none"] = "HTTP/1.1 204 No Content\r\nX-Left: 3\r\n\r\n",
        ["same"] = "HTTP/1.1 304 Not Modified\r\nETag: \"7\"\r\nCache-Control: no-cache\r\n\r\n",
        ["part"] =
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/5\r\nAccept-Ranges: bytes\r\n"
            + "Content-Length: 2\r\n\r\nhe",
        ["parts"] =
            "HTTP/1.1 206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\n"
            + "Content-Length: 7\r\n\r\n--x--\r\n",
        ["moved"] = "HTTP/1.1 301 Moved Permanently\r\nLocation: /other?a=%2F\r\nContent-Length: 0\r\n\r\n",
        ["elsewhere"] = "HTTP/1.1 302 Found\r\nLocation: http://shop.example:8080/x\r\nContent-Length: 0\r\n\r\n",
        ["who"] =
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Bearer\r\n"
            + "Content-Length: 0\r\n\r\n",
        ["refused"] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
        ["unknown"] = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nnone",
        ["invalid"] = "HTTP/1.1 422 Unprocessable Content\r\nContent-Length: 0\r\n\r\n",
        ["failed"] = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops",
        ["busy"] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n",
        ["odd"] = "HTTP/1.1 299 Quite Odd\r\nContent-Length: 0\r\n\r\n",
        ["cookies"] =
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; HttpOnly\r\nset-cookie: c=\"3, 4\"\r\n"
            + "Content-Length: 0\r\n\r\n",
        ["twice"] =
            "HTTP/1.1 200 OK\r\nX-Twice: a\r\nX-Twice: b\r\nVary: Accept\r\nVary: Origin\r\nLink: </a>; rel=next\r\n"
            + "X-Empty:\r\nX_Under: 1\r\nServer: legacy\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nVia: 1.1 a\r\n"
            + "Content-Length: 0\r\n\r\n",
        ["hops"] =
            "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nAlt-Svc: h2=\":1\"\r\nContent-Length: 0\r\n\r\n",
        ["policies"] =
            "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=60\r\nContent-Security-Policy: none\r\n"
            + "Access-Control-Allow-Origin: *\r\nX-Frame-Options: DENY\r\nAge: 3\r\nExpires: 0\r\nPragma: no-cache\r\n"
            + "Content-Language: de\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Location: /x\r\n"
            + "Allow: GET\r\nWarning: 110 - stale\r\nContent-Length: 0\r\n\r\n",
        ["packed"] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\u0008\u0000",
        ["bytes"] =
            "HTTP/1.1 200 OK\r\nX-Name: caf\u00e9\r\nContent-Disposition: attachment; filename=\u00c3\u00a4.txt\r\n"
            + "Content-Length: 0\r\n\r\n",
        ["early"] =
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        ["own"] = "HTTP/1.1 200 OK\r\nStrangler-Answer: x\r\nContent-Length: 0\r\n\r\n",
    };

    private readonly RawUpstream _upstream;
    private readonly ConcurrentQueue<string> _received = new();

    public ParityUpstream() =>
        _upstream = new RawUpstream(
            async (request, connection) =>
            {
                if (request.Value("Expect") is not null)
                    await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
                var trailers = new List<string>();
                var body = await connection.ReadBodyAsync(request, trailers);
                _received.Enqueue(Text(request, body, trailers));
                var answer = Answer(request.Value("X-Answer"));
                if (request.StartLine.StartsWith("HEAD ", StringComparison.Ordinal))
                    answer = answer[..(answer.LastIndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];
                await connection.WriteAsync(answer);
                if (answer.Contains("Connection: close", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.0 "))
                    connection.Close();
            }
        );

    /// <summary>The names of its answers.</summary>
    public static IEnumerable<string> Names => Answers.Keys;

    /// <summary>What it answers to a request that is sent.</summary>
    public static string AnswerTo(string sent) => Answer(RawMessage.Parse(sent.Split("\r\n\r\n")[0]).Value("X-Answer"));

    public string Address => _upstream.Address;

    /// <summary>Sends a request through a proxy.</summary>
    public async Task<ParityExchange> ExchangeAsync(string proxy, string request, CancellationToken cancellationToken)
    {
        _received.Clear();
        using var connection = await RawConnection.OpenAsync(proxy, cancellationToken);
        await connection.WriteAsync(request);
        var head = await connection.ReadHeadAsync();
        while (head is { Status: >= 100 and < 200 and not 101 })
            head = await connection.ReadHeadAsync();
        var trailers = new List<string>();
        var body =
            head is null || head.Status is 101 or 204 or 304 || request.StartsWith("HEAD ", StringComparison.Ordinal)
                ? ""
                : await connection.ReadBodyAsync(head, trailers);
        var port = new Uri(proxy).Port.ToString(CultureInfo.InvariantCulture);
        return new ParityExchange(
            string.Join("\n", _received).Replace(port, "PORT", StringComparison.Ordinal),
            (head is null ? "" : Text(head, body, trailers)).Replace(port, "PORT", StringComparison.Ordinal)
        );
    }

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    private static string Answer(string? name) => Answers[name ?? "ok"];

    /// <summary>
    /// Lines of different names may come in any order (RFC 9110, 5.3). The date is that of the one who answers.
    /// </summary>
    private static string Text(RawMessage head, string body, IEnumerable<string> trailers)
    {
        var text = new StringBuilder(head.StartLine).Append('\n');
        foreach (var (name, value) in head.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
            text.Append(name)
                .Append(": ")
                .Append(name == "Date" && value.Length == 29 ? Date(value) : value)
                .Append('\n');
        text.Append('\n').Append(body).Append('\n');
        return text.AppendJoin('\n', trailers).ToString();
    }

    private static string Date(string value) =>
        value.StartsWith("Thu, 01 Jan 2026", StringComparison.Ordinal) ? value : "now";
}
