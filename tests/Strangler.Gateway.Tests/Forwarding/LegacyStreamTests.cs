using System.Text;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Forwarding;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>What .NET's client sees of a connection over which legacy answers early. No clock moves here.</summary>
public sealed class LegacyStreamTests
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100\r\n\r\n";
    private const string Refusal = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n";
    private const string Closing = "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    /// <summary>This is how .NET's client checks an idle connection for unexpected data.</summary>
    [Fact]
    public async Task Write_FailsWhileAReadOfNothingWasPending_TheRefusalIsHeardByTheReadThatFollows()
    {
        using var wire = new HeldWire();
        var time = new WatchedTime(new FakeTimeProvider());
        using var stream = new LegacyStream(wire, time);
        var resting = stream.ReadAsync(Memory<byte>.Empty, Cancellation).AsTask();
        await WriteAsync(stream, Head);
        wire.Hold();
        var writing = WriteAsync(stream, "hello");

        var sending = wire.SendAsync(Refusal);
        Assert.Equal(0, await resting);
        wire.Break();
        await GatewaySetup.UntilAsync(
            () => writing.IsCompleted || time.HasBegun(TimeSpan.FromSeconds(1)),
            "the write fails, or waits for an answer"
        );
        var heard = await ReadAsync(stream);

        await writing;
        Assert.Equal(Closing, heard);
        await sending;
    }

    /// <summary>A refusal after an interim answer, or in pieces, is still a refusal.</summary>
    [Theory]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n|" + Refusal)]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\nHT|TP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HT|TP/1.1 4|13 Payload Too Large|\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLi|nk: </a>\r|\n\r\nHTTP/1.1 102 X\r\n\r\n|" + Refusal)]
    public async Task Write_LegacyRefusesBehindOtherBytes_TheRestOfTheBodyIsThrownAway(string answer)
    {
        foreach (var isReading in new[] { false, true })
        {
            using var wire = new HeldWire();
            using var stream = new LegacyStream(wire, new FakeTimeProvider());
            var heard = isReading ? ReadAsync(stream) : null;
            await WriteAsync(stream, Head);
            wire.Hold();
            var writing = WriteAsync(stream, "hello");

            var text = "";
            foreach (var piece in answer.Split('|'))
                await wire.SendAsync(piece);
            await writing;
            await WriteAsync(stream, "more");
            if (heard is not null)
                text = await heard;
            while (!text.EndsWith("\r\nContent-Length: 0\r\n\r\n", StringComparison.Ordinal))
            {
                text += await ReadAsync(stream);
            }

            const string Line = "Too Large\r\n";
            var whole = answer.Replace("|", "", StringComparison.Ordinal);
            Assert.Equal(whole.Replace(Line, $"{Line}Connection: close\r\n", StringComparison.Ordinal), text);
            Assert.Equal(Head, wire.Written);
        }
    }

    /// <summary>After 101 the bytes belong to another protocol, whatever they look like.</summary>
    [Fact]
    public async Task Tunnel_OfBytesThatLookLikeHttp_PassesThemUnchanged()
    {
        const string Upgrade = "GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n";
        const string Switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: odd\r\n\r\n";
        using var wire = new HeldWire();
        using var stream = new LegacyStream(wire, new FakeTimeProvider());
        await WriteAsync(stream, Upgrade);
        var hearing = ReadAsync(stream);
        await wire.SendAsync(Switching);
        Assert.Equal(Switching, await hearing);

        hearing = ReadAsync(stream);
        await WriteAsync(stream, Head);
        await WriteAsync(stream, "hello");
        await wire.SendAsync(Refusal);
        var heard = await hearing;
        await WriteAsync(stream, "more");

        Assert.Equal(Refusal, heard);
        Assert.Equal($"{Upgrade}{Head}hellomore", wire.Written);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task WriteAsync(LegacyStream stream, string text) =>
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);

    private static async Task<string> ReadAsync(LegacyStream stream)
    {
        var buffer = new byte[4 << 10];
        return Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer, Cancellation));
    }
}
