using System.Text.Json.Nodes;
using Strangler.Benchmarks.Load;
using Strangler.Benchmarks.Measuring;
using Strangler.Benchmarks.Servers;
using Strangler.Demo.Processes;

namespace Strangler.Benchmarks.Scenarios;

/// <summary>
/// Plain YARP and our gateway (a route in stage legacy, and one without a section) in front of the same upstream, which
/// answers at once: the cost of the extra hop.
/// </summary>
internal static class ProxyScenario
{
    private const int Connections = 32;

    public static async Task RunAsync(BenchSystem system, BenchOptions options, CancellationToken cancellationToken)
    {
        await using var upstream = await ServedProcess.StartAsync("upstream", [], cancellationToken);
        await using var yarp = await ServedProcess.StartAsync(
            "yarp",
            [upstream.Address.AbsoluteUri],
            cancellationToken
        );
        await using var gateway = await GatewayAsync(system, upstream.Address, cancellationToken);
        IReadOnlyList<Side> sides =
        [
            Of("bare YARP", yarp),
            Of("strangler gateway, stage legacy", gateway),
            Of("strangler gateway, plain route", gateway, "else"),
            Of("upstream alone (bare Kestrel)", upstream),
        ];
        var windows = await Interleaved.RunAsync(sides, options.Rounds, options.Window, cancellationToken);
        Interleaved.Print($"Proxy, {Connections} connections, answers of 1 KiB", sides, windows);
        for (var side = 1; side <= 2; side++)
        {
            Ratio("requests/s", side, window => window.Load.PerSecond, 0.97, atLeast: true);
            Ratio("p99", side, window => window.Load.Quantile(0.99), 1.05, atLeast: false);
            Ratio("CPU a request", side, window => window.ProcessorPerRequest!.Value, 1.05, atLeast: false);
        }

        void Ratio(string what, int side, Func<Window, double> of, double target, bool atLeast) =>
            Interleaved.PrintRatio(
                $"{what}, {sides[side].Name} / bare YARP",
                windows[side],
                windows[0],
                of,
                target,
                atLeast
            );

        Side Of(string name, ServedProcess server, string path = "items")
        {
            var requests = Requests.Get(
                server.Address,
                Enumerable.Range(1, 1000).Select(number => $"/api/{path}/{number:000000}/availability?area=DE-N")
            );
            return new(
                name,
                (window, token) =>
                    ClosedLoop.RunAsync(server.Address, requests, Connections, window, TimeProvider.System, token),
                () => server.Processor
            );
        }
    }

    /// <summary>A separate gateway, with the sample's configuration except for the addresses.</summary>
    private static async Task<ServedProcess> GatewayAsync(
        BenchSystem system,
        Uri upstream,
        CancellationToken cancellationToken
    )
    {
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(system.Sample.ConfigFile, cancellationToken))!;
        var address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        configuration["Gateway"]!["Urls"] = address.GetLeftPart(UriPartial.Authority);
        configuration["Gateway"]!["Admin"] = $"http://127.0.0.1:{FreePort.Take()}";
        configuration["ReverseProxy"]!["Clusters"]!["legacy"]!["Destinations"]!["d1"]!["Address"] =
            upstream.AbsoluteUri;
        var file = Path.Combine(Path.GetDirectoryName(system.Sample.ConfigFile)!, "bench-gateway.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString(), cancellationToken);
        var words = new Tail();
        var process = GuardedProcess.Start(
            [.. BenchSystem.Strangler, "gateway", "--config", file],
            new Dictionary<string, string?>(),
            (_, line) => words.Add(line),
            TimeProvider.System
        );
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The gateway ended: {words}");
            try
            {
                using var answer = await http.GetAsync(
                    new Uri(address, "/api/items/000001/availability"),
                    cancellationToken
                );
                return ServedProcess.Of(process, address, "gateway", file);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            }
        }
    }
}
