using System.Net.Http.Headers;
using Strangler.Demo.Processes;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>The sample of a host of YARP, in the place of the command's gateway.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly Uri _address = new($"http://127.0.0.1:{FreePort.Take()}/");

    public SampleHost(RunningSystem system, params IEnumerable<string> settings) =>
        Part = new RunningPart(
            "host",
            [
                .. DotnetProgram.Command(Path.Combine(AppContext.BaseDirectory, "Strangler.SampleHost.dll")),
                "--contentRoot",
                Repository.Full("compose/Strangler.SampleHost"),
                "--Strangler",
                system.ConfigFile,
                "--Urls",
                $"{_address}",
                "--Gateway:AdminTokenFile",
                system.TokenFile,
                .. settings,
            ]
        );

    public RunningPart Part { get; }

    /// <summary>A client without a token.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _address };

    /// <summary>A client with a customer's token.</summary>
    public async Task<HttpClient> SignInAsync(string customer)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var nobody = Client();
        using var answer = await nobody.PostAsync(
            new Uri($"/tokens/{customer}", UriKind.Relative),
            null,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await answer.Content.ReadAsStringAsync(cancellationToken)
        );
        return client;
    }

    public ValueTask DisposeAsync() => Part.DisposeAsync();
}
