using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>What the server refuses by its own limits, as documented, without asking legacy.</summary>
public sealed class ServerLimitTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData(8_100, 0, 0, 200)]
    [InlineData(8_200, 0, 0, 414)]
    [InlineData(1, 99, 10, 200)]
    [InlineData(1, 100, 10, 431)]
    [InlineData(1, 4, 8_000, 200)]
    [InlineData(1, 4, 8_300, 431)]
    public async Task Request_OfSomeSize_IsServedUpToTheServersLimits(int target, int lines, int length, int status)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();
        var fields = string.Concat(
            Enumerable.Range(0, lines).Select(line => $"X-Line-{line}: {new string('v', length)}\r\n")
        );

        var (head, _) = await connection.AskAsync(
            $"GET /{new string('t', target - 1)} HTTP/1.1\r\nHost: shop.example\r\n{fields}\r\n"
        );

        Assert.Equal((status, status == 200 ? 1 : 0), (head.Status, setup.Upstream.Asked.Count));
    }
}
