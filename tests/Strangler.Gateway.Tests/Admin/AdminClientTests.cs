using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Gateway.Tests.Admin;

/// <summary>What the client does where another program holds the address.</summary>
public sealed class AdminClientTests
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: nowhere://\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("220 mail.example ESMTP\r\n")]
    [InlineData("")]
    [InlineData(Json)]
    [InlineData(Json + "{}")]
    [InlineData(Json + "[]")]
    [InlineData(Json + "null")]
    [InlineData(Json + "\uFEFF{}")]
    [InlineData(Json + """{"status":"ok"}""")]
    [InlineData(Json + """{"status":null,"storeTrouble":null,"sourceTrouble":null}""")]
    [InlineData(Json + """{"status":"ok","storeTrouble":null,"sourceTrouble":null,"parts":null}""")]
    [InlineData(
        "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json; charset=utf-7\r\nConnection: close\r\n\r\n"
            + """{"status":409,"faults":[null]}"""
    )]
    [InlineData(
        "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nConnection: close\r\n\r\n"
            + """{"status":409,"faults":[{}]}"""
    )]
    public async Task Health_AnotherProgramAnswers_IsAFault(string answer)
    {
        using var listener = Listen(out var http);
        using var client = http;
        var health = new AdminClient(http).HealthAsync(Cancellation);
        using (var caller = await AcceptAsync(listener))
            await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer), Cancellation);
        listener.Stop(); // a client that tries again is refused at once

        await Assert.ThrowsAsync<FaultException>(() => health);
    }

    [Fact]
    public async Task Health_AnswerOfAnySize_IsNotReadToItsEnd()
    {
        using var listener = Listen(out var http);
        using var client = http;
        var health = new AdminClient(http).HealthAsync(Cancellation);
        using var caller = await AcceptAsync(listener);
        await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Json), Cancellation);
        var written = 0L;

        // It is read for as long as it is taken; a client that takes no more of it closes the connection.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var blanks = Encoding.UTF8.GetBytes(new string(' ', 64 << 10)); written < 60 << 20; )
            {
                await caller.GetStream().WriteAsync(blanks, Cancellation);
                written += blanks.Length;
            }
        });

        await Assert.ThrowsAsync<FaultException>(() => health);
    }

    /// <summary>The headers come at once; of the body, nothing more.</summary>
    [Fact]
    public async Task Health_BodyThatDoesNotEnd_EndsWithTheClientsTimeOut()
    {
        using var listener = Listen(out var http);
        using var client = http;
        http.Timeout = TimeSpan.FromSeconds(20);
        var time = new FakeTimeProvider();
        var health = new AdminClient(http, time).HealthAsync(Cancellation);
        using var caller = await AcceptAsync(listener);
        await caller.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Json + "{"), Cancellation);

        time.Advance(http.Timeout);

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            health.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)
        );
        Assert.Contains("did not answer in time", fault.Message, StringComparison.Ordinal);
    }

    private static TcpListener Listen(out HttpClient http)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://{listener.LocalEndpoint}"),
        };
        return listener;
    }

    /// <summary>Takes the connection and reads the request's head.</summary>
    private static async Task<TcpClient> AcceptAsync(TcpListener listener)
    {
        var caller = await listener.AcceptTcpClientAsync(Cancellation);
        var (head, buffer) = ("", new byte[1024]);
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head += Encoding.ASCII.GetString(
                buffer,
                0,
                await caller.GetStream().ReadAtLeastAsync(buffer, 1, cancellationToken: Cancellation)
            );
        return caller;
    }
}
