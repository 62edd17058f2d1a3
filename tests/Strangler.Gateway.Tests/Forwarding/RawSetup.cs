using Microsoft.Extensions.Logging;
using Strangler.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>A gateway in front of a legacy service made from bare sockets.</summary>
internal sealed class RawSetup : IAsyncDisposable
{
    private RawSetup(RawUpstream upstream, RunningGateway gateway) => (Upstream, Gateway) = (upstream, gateway);

    /// <summary>For a destination with an untrusted certificate.</summary>
    public static (string Key, string? Value) TrustAnybody { get; } =
        ("ReverseProxy:Clusters:legacy:HttpClient:DangerousAcceptAnyServerCertificate", "true");

    public RawUpstream Upstream { get; }

    public RunningGateway Gateway { get; }

    public FakeAnswers Answers { get; private init; } = new();

    public static Task<RawSetup> StartAsync(
        PostgresFixture postgres,
        RawUpstream upstream,
        params (string Key, string? Value)[] settings
    ) => StartAsync(postgres, upstream, "legacy", null, settings);

    public static async Task<RawSetup> StartAsync(
        PostgresFixture postgres,
        RawUpstream upstream,
        string stage,
        ILoggerFactory? loggers,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = new GatewaySetup { Store = await postgres.CreateDatabaseAsync("forwarding"), Upstream = null! };
        await setup.MigrateAsync();
        if (upstream.Address.StartsWith("https:", StringComparison.Ordinal))
            settings = [.. settings, TrustAnybody];
        var configured = GatewaySetup.Configured(setup.Store, upstream.Address, stage, settings);
        var answers = new FakeAnswers();
        var gateway = await GatewayHost.StartAsync(
            configured,
            [new FakeResponder()],
            answers,
            new FakeMoments(),
            new FakeEvidence(),
            loggers,
            TimeProvider.System,
            TestContext.Current.CancellationToken,
            storePatience: GatewaySetup.Deadline
        );
        return new RawSetup(upstream, gateway) { Answers = answers };
    }

    /// <summary>A connection to the gateway.</summary>
    public Task<RawConnection> ConnectAsync() =>
        RawConnection.OpenAsync(Gateway.Address, TestContext.Current.CancellationToken);

    /// <summary>
    /// Asks for a target, and returns the one that the legacy service received. Null if it wasn't asked.
    /// </summary>
    public async Task<(int Status, string? Target)> AskForAsync(
        RawConnection connection,
        string target,
        string method = "GET"
    )
    {
        Upstream.Asked.Clear();
        var (head, _) = await connection.AskAsync($"{method} {target} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        return (head.Status, Upstream.Asked.TryDequeue(out var asked) ? asked.Target : null);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
