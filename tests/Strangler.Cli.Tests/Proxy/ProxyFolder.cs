using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Strangler.Cli.Tests.Proxy;

/// <summary>A folder with the configurations of this test, whose destinations are real.</summary>
internal sealed class ProxyFolder : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ProxyFolder(EchoServer a, EchoServer b, EchoServer h2) => (A, B, H2) = (a, b, h2);

    public string Path { get; } = Directory.CreateTempSubdirectory("strangler-proxy-").FullName;

    public EchoServer A { get; }

    public EchoServer B { get; }

    /// <summary>Takes HTTP/2 in cleartext only.</summary>
    public EchoServer H2 { get; }

    public static async Task<ProxyFolder> CreateAsync()
    {
        var folder = new ProxyFolder(
            await EchoServer.StartAsync("a"),
            await EchoServer.StartAsync("b"),
            await EchoServer.StartAsync("h2", HttpProtocols.Http2)
        );
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(AppContext.BaseDirectory, "Proxy")))
        {
            var text = (await File.ReadAllTextAsync(file, Cancellation))
                .Replace("{a}", folder.A.Address, StringComparison.Ordinal)
                .Replace("{b}", folder.B.Address, StringComparison.Ordinal)
                .Replace("{h2}", folder.H2.Address, StringComparison.Ordinal);
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder.Path, System.IO.Path.GetFileName(file)), text);
        }
        return folder;
    }

    /// <summary>Starts the gateway with a file of this folder, from another folder.</summary>
    public Task<RunningProxy> StartAsync(
        string file,
        IReadOnlyDictionary<string, string?>? variables = null,
        params string[] arguments
    ) =>
        RunningProxy.StartAsync(
            System.IO.Path.GetTempPath(),
            new Dictionary<string, string?>(variables ?? new Dictionary<string, string?>())
            {
                ["Gateway__Admin"] = "http://127.0.0.1:0",
            },
            ["gateway", "--config", System.IO.Path.Combine(Path, file), .. arguments]
        );

    /// <summary>A certificate and its key, next to the configurations.</summary>
    public async Task WriteCertificateAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.example", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await WriteAsync("server.pem", certificate.ExportCertificatePem());
        await WriteAsync("server.key", key.ExportPkcs8PrivateKeyPem());

        Task WriteAsync(string name, string text) =>
            File.WriteAllTextAsync(System.IO.Path.Combine(Path, name), text, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        await H2.DisposeAsync();
        Directory.Delete(Path, recursive: true);
    }
}
