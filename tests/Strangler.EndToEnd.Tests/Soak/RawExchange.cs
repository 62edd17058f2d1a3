using System.Net.Sockets;
using System.Text;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>A request whose target is sent byte for byte, which an HTTP client would change.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The head of the answer.</param>
/// <param name="Body">The rest of the answer.</param>
internal sealed record RawExchange(int Status, string Headers, string Body)
{
    /// <exception cref="IOException">The connection ended without an answer.</exception>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public static async Task<RawExchange> Async(
        Uri address,
        string target,
        string headers,
        CancellationToken cancellationToken
    )
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        await using var stream = client.GetStream();
        var head = $"GET {target} HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[8192];
        while (!IsWhole(text.ToString()))
        {
            var count = await stream.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                break;
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        var answer = text.ToString();
        var split = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (split < 0)
            throw new IOException($"The connection ended behind '{answer}'.");
        return new(int.Parse(answer.AsSpan(9, 3), null), answer[..split], answer[(split + 4)..]);
    }

    public string Header(string name) =>
        Headers
            .Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault()
        ?? "";

    // All answers of the soak's service have a length, but for an empty 404; the bodies here are ASCII.
    private static bool IsWhole(string answer)
    {
        var split = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (split < 0)
            return false;
        var exchange = new RawExchange(0, answer[..split], "");
        return int.TryParse(exchange.Header("Content-Length"), out var length) && answer.Length >= split + 4 + length;
    }
}
