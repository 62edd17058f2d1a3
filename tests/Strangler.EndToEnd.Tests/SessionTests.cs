using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strangler.Demo.Processes;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// A route with <c>Freshness: session</c>, every part a real process and two gateways: no read of a caller misses what
/// that caller has written, and none goes back in time.
/// </summary>
public sealed class SessionTests
{
    private const string Route = "item";
    private const string Sku = "000001";
    private const int Items = 40;
    private const int Writes = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A browser keeps cookies; a client of an API sends the header of the last answer.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_WriteOverOneGatewayAndReadOverTheOther_IsNeverStale(bool keepsCookies)
    {
        await using var system = await StartAsync(patience: "00:00:20");
        await using var other = await OtherGateway.StartAsync(system, Cancellation);
        using var caller = new Caller(keepsCookies);

        for (var number = 0; number < Writes; number++)
        {
            var (writes, reads) =
                number % 2 == 0 ? (system.GatewayAddress, other.Address) : (other.Address, system.GatewayAddress);
            await caller.WriteAsync(writes, NameOf(number), Cancellation);
            Assert.Equal(NameOf(number), await caller.ReadAsync(reads, Cancellation));
        }

        var figures = new[] { await FiguresAsync(system.Admin), await FiguresAsync(other.Admin) };
        Assert.Equal(Writes, figures.Sum(one => one.Lookup.Count));
        Assert.Equal(Writes, figures.Sum(one => one.Freshness!.Count));
    }

    [Fact]
    public Task Session_PartsKilledUnderWrites_NeverMissesAWriteOrGoesBack() => KillAsync(kills: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Session_PartsKilledManyTimesUnderWrites_NeverMissesAWriteOrGoesBack() => KillAsync(kills: 30);

    /// <summary>
    /// One caller writes names with numbers and reads them back; another one only reads, through legacy and the lookup
    /// by turns, and never reads a lower number than before.
    /// </summary>
    private static async Task KillAsync(int kills)
    {
        await using var system = await StartAsync(patience: "00:00:00.1000000");
        await using var other = await OtherGateway.StartAsync(system, Cancellation);
        var random = new Random(Seeds.Next());
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reads = 0;
        Uri[] gateways = [system.GatewayAddress, other.Address];
        Task[] callers = [WritingAsync(), ReadingAsync()];

        for (var kill = 0; kill < kills; kill++)
        {
            var part = random.Next(2) == 0 ? system.Bridge : system.Projections;
            await part.KillAsync();
            await RoundAsync(random.Next(1, 20));
            part.Start();
            await system.SourceVerifiedAsync(Cancellation);
            await RoundAsync(random.Next(1, 60));
        }
        await system.CaughtUpAsync(Cancellation);
        var before = (await FiguresAsync(system.Admin)).Lookup.Count;
        await Until.TrueAsync(
            async () => (await FiguresAsync(system.Admin)).Lookup.Count > before || callers.Any(one => one.IsCompleted),
            () => $"The lookup answers nothing.\n{system.Words()}",
            Cancellation
        );
        await ended.CancelAsync();
        await Task.WhenAll(callers);

        Assert.True((await FiguresAsync(system.Admin)).Legacy.Count > 0, "Legacy answered nothing.");

        async Task WritingAsync()
        {
            using var caller = new Caller(keepsCookies: true);
            for (var number = 0; !ended.IsCancellationRequested; number++)
            {
                await caller.WriteAsync(gateways[number % 2], NameOf(number), Cancellation);
                Assert.Equal(NameOf(number), await caller.ReadAsync(gateways[number / 2 % 2], Cancellation));
                Interlocked.Increment(ref reads);
            }
        }

        async Task ReadingAsync()
        {
            using var caller = new Caller(keepsCookies: false);
            var last = -1;
            for (var turn = 0; !ended.IsCancellationRequested; turn++)
            {
                // legacy answers a request with a parameter that the route doesn't declare
                var name = await caller.ReadAsync(
                    gateways[turn / 2 % 2],
                    Cancellation,
                    turn % 2 == 0 ? "" : "?legacy=1"
                );
                var number = name!.StartsWith(Prefix, StringComparison.Ordinal) ? int.Parse(name[Prefix.Length..]) : -1;
                Assert.True(number >= last, $"{number} was read after {last}.");
                last = number;
                Interlocked.Increment(ref reads);
            }
        }

        // as many reads as wanted, unless one was wrong
        async Task RoundAsync(int more)
        {
            var until = Volatile.Read(ref reads) + more;
            await Until.TrueAsync(
                () => Task.FromResult(Volatile.Read(ref reads) >= until || callers.Any(caller => caller.IsCompleted)),
                () => $"Nothing is read.\n{system.Words()}",
                Cancellation
            );
            foreach (var caller in callers.Where(caller => caller.IsCompleted))
                await caller;
        }
    }

    private static async Task<RunningSystem> StartAsync(string patience)
    {
        var system = await RunningSystem.PrepareAsync(Items, Cancellation);
        try
        {
            await system.ConfigureRoutesAsync(
                section =>
                {
                    section["Freshness"] = "session";
                    section["FreshnessTimeout"] = patience;
                    section["Guards"] = new JsonObject { ["MaxWrong"] = "none" };
                },
                Cancellation
            );
            var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, Cancellation))!;
            configuration["Gateway"]!["SessionWrites"] = new JsonArray("rest");
            await File.WriteAllTextAsync(system.ConfigFile, configuration.ToJsonString(), Cancellation);
            foreach (var part in system.Parts)
                part.Start();
            await system.CaughtUpAsync(Cancellation);
            await system.GatewayServesAsync(Cancellation);
            await system.AgesKnownAsync(Cancellation);
            await system.ForceLookupAsync(Route, Cancellation);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    private const string Prefix = "Name ";

    private static string NameOf(int number) => $"{Prefix}{number}";

    private static async Task<RouteStatsReport> FiguresAsync(AdminClient admin) =>
        (await admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == Route);

    /// <summary>One caller, with what it keeps between requests.</summary>
    private sealed class Caller(bool keepsCookies) : IDisposable
    {
        private const string Header = "Strangler-Position";
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = keepsCookies });
        private string? _position;

        public async Task WriteAsync(Uri gateway, string name, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(gateway, $"/api/items/{Sku}"))
            {
                Content = JsonContent.Create(new { name }),
            };
            using var answer = await SendAsync(request, cancellationToken);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        public async Task<string?> ReadAsync(Uri gateway, CancellationToken cancellationToken, string query = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, $"/api/items/{Sku}{query}"));
            using var answer = await SendAsync(request, cancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            return document.RootElement.GetProperty("name").GetString();
        }

        public void Dispose() => _http.Dispose();

        private async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (!keepsCookies && _position is not null)
                request.Headers.Add(Header, _position);
            var answer = await _http.SendAsync(request, cancellationToken);
            if (answer.Headers.TryGetValues(Header, out var given))
                _position = given.Single();
            return answer;
        }
    }

    /// <summary>Another gateway on the same store.</summary>
    private sealed class OtherGateway : IAsyncDisposable
    {
        private readonly RunningPart _part;
        private readonly HttpClient _http;

        private OtherGateway(RunningPart part, HttpClient http, Uri address) =>
            (_part, _http, Address, Admin) = (part, http, address, new AdminClient(http));

        public Uri Address { get; }

        public AdminClient Admin { get; }

        public static async Task<OtherGateway> StartAsync(RunningSystem system, CancellationToken cancellationToken)
        {
            var (address, admin) = (Loopback(), Loopback());
            var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.ConfigFile, cancellationToken))!;
            configuration["Gateway"]!["Urls"] = address.GetLeftPart(UriPartial.Authority);
            configuration["Gateway"]![nameof(Admin)] = admin.GetLeftPart(UriPartial.Authority);
            var file = Path.Combine(Path.GetDirectoryName(system.ConfigFile)!, "other.json");
            await File.WriteAllTextAsync(file, configuration.ToJsonString(), cancellationToken);
            var part = new RunningPart(
                "other gateway",
                [.. RunningSystem.Strangler, "gateway", "--config", file, "--until-input-ends"]
            );
            part.Start();
            var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = admin };
            http.DefaultRequestHeaders.Authorization = new(
                "Bearer",
                AdminTokenFile.Read(system.TokenFile)!.SecretFor("")
            );
            var other = new OtherGateway(part, http, address);
            await Until.TrueAsync(
                other.ServesAsync,
                () => $"It did not begin to serve.\n{string.Join('\n', part.Lines.TakeLast(30))}",
                cancellationToken
            );
            return other;
        }

        public async ValueTask DisposeAsync()
        {
            await _part.DisposeAsync();
            _http.Dispose();
        }

        private async Task<bool> ServesAsync()
        {
            try
            {
                var stages = (await Admin.StatsAsync(Cancellation)).Routes;
                return stages.Single(route => route.Route == Route).Stage == "lookup"
                    && (await Admin.WatermarksAsync(Cancellation)).Watermarks.All(mark => mark.AgeSeconds is not null);
            }
            catch (FaultException)
            {
                return false;
            }
        }

        private static Uri Loopback() => new($"http://127.0.0.1:{FreePort.Take()}/");
    }
}
