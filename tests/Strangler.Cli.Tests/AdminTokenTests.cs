using System.Net;
using System.Net.Sockets;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>
/// Who gets an admin API token: the configured address, and any address for which a person has set a token, but nobody
/// in clear text over a network.
/// </summary>
public sealed class AdminTokenTests : IAsyncDisposable
{
    private const string Given = "token-in-hand";

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-token-").FullName;
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly StringBuilder _heard = new();
    private readonly Task _serving;

    public AdminTokenTests()
    {
        _server.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_server.LocalEndpoint).Port}";
        _serving = ServeAsync();
        AdminTokenFile.Ensure(Path.Combine(_folder, "strangler.tokens"), "ada");
    }

    private string Address { get; }

    private string FileToken => AdminTokenFile.Read(Path.Combine(_folder, "strangler.tokens"))!.SecretFor("ada")!;

    [Theory]
    [InlineData("configured", false, "file")]
    [InlineData("configured by --admin", false, "file")]
    [InlineData("configured", true, "given")]
    [InlineData("another", false, null)]
    [InlineData("another", true, "given")]
    public async Task Command_Address_GetsTheTokenThatIsItsOwn(string address, bool isGiven, string? expected)
    {
        var configured = address == "another" ? "http://127.0.0.1:1" : Address;
        await ConfigureAsync(configured);
        string[] arguments = address == "configured" ? ["routes"] : ["routes", "--admin", Address];

        var (code, _, errors) = await RunAsync(isGiven ? Given : null, arguments);

        Assert.Equal(ExitCode.Fault, code);
        var heard = await HeardAsync();
        Assert.Equal(expected == "file", heard.Contains(FileToken, StringComparison.Ordinal));
        Assert.Equal(expected is not null, errors.Contains("It has received a token", StringComparison.Ordinal));
        Assert.Equal(expected == "given", heard.Contains(Given, StringComparison.Ordinal));
        if (expected is null)
            Assert.Contains(
                $"{Address}/: It isn't the address of 'Gateway:Admin', so it doesn't get a token of '",
                errors,
                StringComparison.Ordinal
            );
        if (expected is null)
            Assert.Contains("STRANGLER_ADMIN_TOKEN", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--admin")]
    [InlineData("Gateway:Admin")]
    public async Task Command_AddressInANetworkWithoutEncryption_IsRefused(string by)
    {
        const string Elsewhere = "http://elsewhere.invalid:8081";
        await ConfigureAsync(by == "--admin" ? Address : Elsewhere);

        var (code, _, errors) = await RunAsync(Given, by == "--admin" ? ["routes", "--admin", Elsewhere] : ["routes"]);

        Assert.Equal(ExitCode.Fault, code);
        Assert.Contains(
            $"strangler: {Elsewhere}/: A token would go there in clear text.",
            errors,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("No gateway answers", errors, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving; // before the listener stops, which refuses to accept once more
        _server.Stop();
        _server.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task ConfigureAsync(string admin) =>
        File.WriteAllTextAsync(
            Path.Combine(_folder, "strangler.json"),
            $$"""{ "Gateway": { "Admin": "{{admin}}" } }""",
            TestContext.Current.CancellationToken
        );

    private Task<(int Code, string Output, string Errors)> RunAsync(string? token, params string[] arguments) =>
        StranglerProgram.RunAsync(
            _folder,
            new Dictionary<string, string?> { ["STRANGLER_ADMIN_TOKEN"] = token },
            arguments
        );

    /// <summary>Everything that was sent here, once the command has ended.</summary>
    private async Task<string> HeardAsync()
    {
        await _stop.CancelAsync();
        await _serving; // before the listener stops, which refuses to accept once more
        _server.Stop();
        return _heard.ToString();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _server.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                var buffer = new byte[64 << 10];
                _heard.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, _stop.Token)));
                await stream.WriteAsync(
                    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(),
                    _stop.Token
                );
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }
}
