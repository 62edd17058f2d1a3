using System.Net;
using System.Net.Sockets;
using Npgsql;
using Strangler.Foundation.Store;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Health;

/// <summary>A store that doesn't answer costs a few requests the time-out, and later requests nothing.</summary>
public sealed class StoreCircuitTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";
    private static readonly TimeSpan LookupClientWait = LookupClient.LongWait + TimeSpan.FromMilliseconds(50);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hangs", "lookup-timeout")]
    [InlineData("is away", "store-unavailable")]
    public async Task Lookup_StoreDoesNotAnswer_RequestsPassItByUntilAProbeIsAnswered(string fault, string reason)
    {
        var time = new WatchedTime(TimeProvider.System) { Holds = wait => wait == StoreCircuit.ProbeInterval };
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            start: false
        );
        setup.Time = time;
        setup.Answers.Put("7", """{"sku":7}""");
        await setup.StartGatewayAsync(
            "lookup",
            ("ReverseProxy:Routes:availability:Strangler:LookupTimeout", fault == "hangs" ? "00:00:00.25" : "00:00:30")
        );
        setup.Answers.Hangs = fault == "hangs";
        setup.Answers.Failure =
            fault == "hangs" ? null : new AnswersUnavailableException("Permission denied. Run 'strangler migrate'.");

        for (var i = 0; i < 3 + 20; i++)
            Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));

        // the store was no longer asked, so requests don't wait for it
        Assert.Equal(3, setup.Answers.Asked.Count(keys => keys is ["7"]));
        Assert.Equal(3, setup.Counted("availability", reason));
        Assert.Equal(20, setup.Counted("availability", "circuit-open"));
        var trouble = (await setup.Admin.HealthAsync(Cancellation)).LookupTrouble;
        Assert.Contains("did not answer 3 look-ups in a row", trouble, StringComparison.Ordinal);
        if (fault != "hangs")
            Assert.EndsWith(
                "The last one: Permission denied. Run 'strangler migrate'.",
                trouble,
                StringComparison.Ordinal
            );

        await GatewaySetup.UntilAsync(() => time.Held > 0, "a probe is to be sent");
        (setup.Answers.Hangs, setup.Answers.Failure) = (false, null);
        time.Release();
        await GatewaySetup.UntilAsync(
            async () => await setup.Client.GetStringAsync(Target, Cancellation) == """{"sku":7}""",
            "the lookup answers again"
        );
        Assert.Null((await setup.Admin.HealthAsync(Cancellation)).LookupTrouble);
    }

    /// <summary>
    /// The route waits longer than its clients: no client is left when the time-out ends, and the store is bypassed
    /// nevertheless.
    /// </summary>
    [Fact]
    public async Task Lookup_ClientsLeaveBeforeTheTimeout_RequestsPassTheStoreBy()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            start: false
        );
        await setup.StartGatewayAsync(
            "lookup",
            ("ReverseProxy:Routes:availability:Strangler:LookupTimeout", "00:01:00")
        );
        setup.Answers.Hangs = true;

        for (var i = 0; i < CircuitState.MaxFailures; i++)
        {
            using var leaves = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var asked = setup.Answers.Asked.Count;
            var asking = setup.Client.GetStringAsync(Target, leaves.Token);
            await GatewaySetup.UntilAsync(() => setup.Answers.Asked.Count > asked, "the store is asked");
            var since = TimeProvider.System.GetTimestamp();
            await GatewaySetup.UntilAsync(
                () => TimeProvider.System.GetElapsedTime(since) > LookupClientWait,
                "it was waited for"
            );
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        await GatewaySetup.UntilAsync(
            async () => (await setup.Admin.HealthAsync(Cancellation)).LookupTrouble is not null,
            "the circuit is open"
        );
        Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));
    }

    /// <summary>A probe that waits for less would never find a store that answers just in time.</summary>
    [Fact]
    public async Task Probe_RouteThatWaitsLong_WaitsLonger()
    {
        var time = new WatchedTime(TimeProvider.System) { Holds = wait => wait == StoreCircuit.ProbeInterval };
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            start: false
        );
        setup.Time = time;
        await setup.StartGatewayAsync(
            "lookup",
            ("ReverseProxy:Routes:availability:Strangler:LookupTimeout", "00:00:30")
        );
        setup.Answers.Failure = new AnswersUnavailableException("away");
        for (var i = 0; i < CircuitState.MaxFailures; i++)
            Assert.Equal($"legacy {Target}", await setup.Client.GetStringAsync(Target, Cancellation));
        await GatewaySetup.UntilAsync(() => time.Held > 0, "a probe is to be sent");

        (setup.Answers.Hangs, setup.Answers.Failure) = (true, null);
        time.Release();

        await GatewaySetup.UntilAsync(
            () => time.HasBegun(TimeSpan.FromSeconds(30) + StoreCircuit.ProbePatience),
            "the probe is waited for"
        );
    }

    /// <summary>
    /// The real store behind a connection that stops carrying data, in the middle or from the start, and later
    /// continues.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lookup_RealStoreThatStopsAnswering_IsPassedByAndUsedAgain(bool answersFirst)
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            start: false
        );
        await using (var data = NpgsqlDataSource.Create(setup.Store))
            await StoreMigration.MigrateAsync(data, [GatewaySchema.Value, ProjectionsSchema.Value], Cancellation);
        var real = new NpgsqlConnectionStringBuilder(setup.Store);
        await using var relay = new Relay(real.Host!, real.Port) { IsHeld = !answersFirst };
        await using var store = StoreAnswers.Pool(
            new NpgsqlConnectionStringBuilder(setup.Store)
            {
                Host = "127.0.0.1",
                Port = relay.Port,
                SslMode = SslMode.Disable,
            }.ConnectionString
        );
        setup.Real = new StoreAnswers(store, TimeProvider.System);
        await setup.StartGatewayAsync(
            "lookup",
            ("ReverseProxy:Routes:availability:Strangler:LookupTimeout", "00:00:01")
        );

        if (answersFirst)
        {
            await GatewaySetup.UntilAsync(
                async () => await AskAsync() && setup.Counted("availability", "not-built") > 0,
                "the store answers"
            );
            relay.IsHeld = true;
        }
        await GatewaySetup.UntilAsync(
            async () => await AskAsync() && setup.Counted("availability", "circuit-open") > 0,
            "the store is passed by"
        );
        var (timeouts, passed) = (
            setup.Counted("availability", "lookup-timeout"),
            setup.Counted("availability", "circuit-open")
        );
        for (var i = 0; i < 20; i++)
            await AskAsync();
        Assert.Equal(
            (timeouts, passed + 20),
            (setup.Counted("availability", "lookup-timeout"), setup.Counted("availability", "circuit-open"))
        );

        var before = setup.Counted("availability", "not-built");
        relay.IsHeld = false;
        await GatewaySetup.UntilAsync(
            async () => await AskAsync() && setup.Counted("availability", "not-built") > before,
            "the store is used again"
        );

        async Task<bool> AskAsync() => await setup.Client.GetStringAsync(Target, Cancellation) == $"legacy {Target}";
    }

    /// <summary>Relays bytes to a server and back, or accepts connections and relays nothing.</summary>
    private sealed class Relay : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _ended = new();
        private readonly (string Host, int Port) _to;

        public Relay(string host, int port)
        {
            _to = (host, port);
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool IsHeld { get; set; }

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            _listener.Stop();
            _ended.Dispose();
        }

        private async Task AcceptAsync()
        {
            while (!_ended.IsCancellationRequested)
            {
                try
                {
                    _ = CarryAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
                }
                catch (Exception exception)
                    when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private async Task CarryAsync(TcpClient client)
        {
            using (client)
            {
                using var server = _to.Host.StartsWith('/')
                    ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                    : new Socket(SocketType.Stream, ProtocolType.Tcp);
                if (_to.Host.StartsWith('/'))
                    await server.ConnectAsync(
                        new UnixDomainSocketEndPoint($"{_to.Host}/.s.PGSQL.{_to.Port}"),
                        _ended.Token
                    );
                else
                    await server.ConnectAsync(_to.Host, _to.Port, _ended.Token);
                await using var there = new NetworkStream(server);
                await Task.WhenAny(CarryAsync(client.GetStream(), there), CarryAsync(there, client.GetStream()));
            }
        }

        private async Task CarryAsync(Stream from, Stream to)
        {
            var buffer = new byte[8_192];
            try
            {
                while (await from.ReadAsync(buffer, _ended.Token) is > 0 and var count)
                {
                    while (IsHeld)
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, _ended.Token);
                    await to.WriteAsync(buffer.AsMemory(0, count), _ended.Token);
                }
            }
            catch (Exception exception)
                when (exception is IOException or OperationCanceledException or ObjectDisposedException) { }
        }
    }
}
