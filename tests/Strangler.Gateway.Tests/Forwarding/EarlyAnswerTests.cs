using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>An answer that legacy gives before it has the whole request reaches the client.</summary>
public sealed class EarlyAnswerTests(PostgresFixture postgres)
{
    private const int Upload = 20 << 20;
    private const string Head = "POST /upload HTTP/1.1\r\nHost: shop.example\r\n";
    private const string Refusal = "HTTP/1.1 413 Payload Too Large\r\nX-Most: 1\r\nContent-Length: 9\r\n";

    public enum Ends
    {
        /// <summary>It closes with unread data, which is a reset.</summary>
        Reset,

        /// <summary>It reads part of the body first.</summary>
        ResetWithin,

        /// <summary>It announces that it will close, and reads no more.</summary>
        Deaf,

        /// <summary>It doesn't announce closing, and reads no more.</summary>
        DeafAndKeptAlive,
    }

    public static TheoryData<Ends, bool, bool, bool> Cases()
    {
        var cases = new TheoryData<Ends, bool, bool, bool>();
        foreach (var ends in Enum.GetValues<Ends>())
        {
            foreach (var chunked in new[] { false, true })
            {
                foreach (var reused in new[] { false, true })
                {
                    foreach (var isTls in new[] { false, true })
                        cases.Add(ends, chunked, reused, isTls);
                }
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Early_LegacyRefusesAnUpload_TheClientGetsTheRefusalAndTheNextRequestItsAnswer(
        Ends ends,
        bool chunked,
        bool reused,
        bool isTls
    )
    {
        var refusing = new RawUpstream((request, upstream) => RefuseAsync(request, upstream, ends), isTls);
        await using var setup = await RawSetup.StartAsync(postgres, refusing);
        using var connection = await setup.ConnectAsync();
        if (reused)
            Assert.Equal((200, "/before"), await setup.AskForAsync(connection, "/before"));

        var sending = connection.UploadAsync(Upload, chunked);
        var (head, body) = await connection.ReadAnswerAsync();
        await sending;

        Assert.Equal((413, "1", "too large"), (head.Status, head.Value("X-Most"), body));
        using var next = await setup.ConnectAsync();
        Assert.Equal((200, "/after"), await setup.AskForAsync(next, "/after"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Early_ClientExpectsToBeAsked_GetsTheRefusalWithoutSending(bool closes, bool isTls)
    {
        var refusing = new RawUpstream(
            async (_, upstream) =>
            {
                await upstream.WriteAsync($"{Refusal}{(closes ? "Connection: close\r\n" : "")}\r\ntoo large");
                if (closes)
                    upstream.Close();
            },
            isTls
        );
        await using var setup = await RawSetup.StartAsync(postgres, refusing);
        using var connection = await setup.ConnectAsync();

        await connection.WriteAsync($"{Head}Expect: 100-continue\r\nContent-Length: {Upload}\r\n\r\n");
        var head = (await connection.ReadHeadAsync())!;

        Assert.Equal((413, "too large"), (head.Status, await connection.ReadBodyAsync(head)));
    }

    /// <summary>An early answer that isn't a refusal doesn't cut the body short.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Early_LegacyAnswersWhileItReads_HasTheWholeBody(bool isTls)
    {
        var read = 0;
        var answering = new RawUpstream(
            async (request, upstream) =>
            {
                await upstream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
                read = (await upstream.ReadBodyAsync(request)).Length;
            },
            isTls
        );
        await using var setup = await RawSetup.StartAsync(postgres, answering);
        using var connection = await setup.ConnectAsync();

        var sending = connection.UploadAsync(Upload);
        var (head, body) = await connection.ReadAnswerAsync();
        await sending;

        Assert.Equal((200, "hi"), (head.Status, body));
        await GatewaySetup.UntilAsync(() => Volatile.Read(ref read) == Upload, "legacy has the whole body");
    }

    [Fact]
    public async Task Early_LegacyEndsWithoutAnAnswer_IsABadGateway()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Closing());
        using var connection = await setup.ConnectAsync();

        var sending = connection.UploadAsync(Upload);
        var (head, _) = await connection.ReadAnswerAsync();
        await sending;

        Assert.Equal(502, head.Status);
    }

    private static async Task RefuseAsync(RawMessage request, RawConnection upstream, Ends ends)
    {
        if (!request.StartLine.StartsWith("POST", StringComparison.Ordinal))
        {
            await upstream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        if (ends == Ends.ResetWithin)
            await upstream.ReadSomeAsync();
        var closing = ends == Ends.DeafAndKeptAlive ? "" : "Connection: close\r\n";
        await upstream.WriteAsync($"{Refusal}{closing}\r\ntoo large");
        if (ends is Ends.Reset or Ends.ResetWithin)
            upstream.Close();
        else
            await upstream.BeDeafAsync();
    }
}
