using System.Globalization;
using Strangler.Benchmarks.Load;
using Strangler.Benchmarks.Measuring;
using Strangler.Benchmarks.Servers;

namespace Strangler.Benchmarks.Scenarios;

/// <summary>
/// Our lookup and a hand-written program that reads the same row, with bare Kestrel for comparison; then the call graph
/// and our lookup.
/// </summary>
internal static class LookupScenario
{
    private const int Connections = 16;

    public static async Task RunAsync(BenchSystem system, BenchOptions options, CancellationToken cancellationToken)
    {
        foreach (var route in new[] { "item", "availability" })
            await system.ToStageAsync(route, "lookup", cancellationToken);
        var skus = await system.SkusAsync(1000, cancellationToken);
        var build = await system.BuildAsync("ItemDetails", cancellationToken);
        await using var kestrel = await ServedProcess.StartAsync("upstream", [], cancellationToken);
        await using var npgsql = await ServedProcess.StartAsync(
            "npgsql",
            [build.ToString(CultureInfo.InvariantCulture)],
            cancellationToken,
            system.Sample.StoreConnection
        );
        using var gateway = Processes.Find("gateway", system.Sample.ConfigFile);
        IReadOnlyList<Side> sides =
        [
            Of("hand-written Npgsql", npgsql.Address, "/api/items/{0}", () => npgsql.Processor),
            Of("strangler lookup, same row", system.Sample.Gateway, "/api/items/{0}", GatewayProcessor),
            Of(
                "strangler lookup, with Respond",
                system.Sample.Gateway,
                "/api/items/{0}/availability?area=DE-N",
                GatewayProcessor
            ),
            Of("bare Kestrel", kestrel.Address, "/api/items/{0}", () => kestrel.Processor),
        ];
        var windows = await Interleaved.RunAsync(sides, options.Rounds, options.Window, cancellationToken);
        Interleaved.Print($"Lookup, {Connections} connections", sides, windows);
        Interleaved.PrintRatio(
            "requests/s, lookup / hand-written",
            windows[1],
            windows[0],
            window => window.Load.PerSecond,
            0.8
        );

        IReadOnlyList<Side> ways =
        [
            Of("call graph", system.Sample.Legacy, "/api/items/{0}/availability?area=DE-N", null),
            Of("strangler lookup", system.Sample.Gateway, "/api/items/{0}/availability?area=DE-N", GatewayProcessor),
        ];
        var both = await Interleaved.RunAsync(ways, options.Rounds, options.Window, cancellationToken);
        Interleaved.Print($"The same question, {Connections} connections", ways, both);
        Interleaved.PrintRatio(
            "requests/s, lookup / call graph",
            both[1],
            both[0],
            window => window.Load.PerSecond,
            20
        );

        Side Of(string name, Uri address, string path, Func<TimeSpan>? processor)
        {
            var requests = Requests.Get(
                address,
                skus.Select(sku => string.Format(CultureInfo.InvariantCulture, path, sku))
            );
            return new(
                name,
                (window, token) =>
                    ClosedLoop.RunAsync(address, requests, Connections, window, TimeProvider.System, token),
                processor
            );
        }

        TimeSpan GatewayProcessor()
        {
            gateway.Refresh();
            return gateway.TotalProcessorTime;
        }
    }
}
