using System.Text;
using Microsoft.Extensions.Time.Testing;
using Strangler.Gateway.Forwarding;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>What a client of .NET sees of a connection over which legacy answers early. No clock moves here.</summary>
public sealed class LegacyStreamTests
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 100\r\n\r\n";
    private const string Refusal = "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n";
    private const string Closing = "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    /// <summary>.NET's client looks so at a connection that rests whether something came unasked.</summary>
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
            "the write fails, or waits for an answer");
        var heard = await ReadAsync(stream);

        await writing;
        Assert.Equal(Closing, heard);
        await sending;
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
