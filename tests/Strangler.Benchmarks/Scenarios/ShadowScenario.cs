using System.Globalization;
using Strangler.Benchmarks.Load;
using Strangler.Benchmarks.Measuring;
using Strangler.Benchmarks.Servers;

namespace Strangler.Benchmarks.Scenarios;

/// <summary>
/// A route in stage shadow, all of it sampled, and in stage legacy, at half of the rate that saturates the call graph:
/// what comparing costs the client, and how many of the offered comparisons are made. The rate is fixed and latencies
/// count from when a request was due. Once with the legacy system and its clients on one half of the processors and
/// Strangler with its store on the other one, as on separate machines, and once with all of them on all: there,
/// whatever comparing costs is taken from the legacy system.
/// </summary>
internal static class ShadowScenario
{
    private const int Connections = 16;

    // Twenty-three services recompile much of their code while they run it; that is not to be measured.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(15);

    // Sampled requests are compared after the route's delay: before a window, the previous window's comparisons are
    // done, and its own have begun.
    private static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(BenchSystem system, BenchOptions options, CancellationToken cancellationToken)
    {
        var skus = await system.SkusAsync(2000, cancellationToken);
        IReadOnlyList<string> callGraph = [.. skus.Select(sku => $"/api/items/{sku}/availability?area=DE-N")];
        await ClosedLoop.RunAsync(
            system.Sample.Gateway,
            Requests.Get(system.Sample.Gateway, callGraph),
            Connections,
            WarmUp,
            TimeProvider.System,
            cancellationToken
        );
        if (Environment.ProcessorCount > 1)
        {
            await Placement.ApartAsync(cancellationToken);
            await RunAsync(
                system,
                options,
                "availability",
                "Strangler on processors of its own",
                callGraph,
                cancellationToken
            );
            await Placement.TogetherAsync(cancellationToken);
        }
        await RunAsync(system, options, "availability", "all on the same processors", callGraph, cancellationToken);
        await RunAsync(
            system,
            options,
            "item",
            "all on the same processors, four legacy calls a request",
            [.. skus.Select(sku => $"/api/items/{sku}")],
            cancellationToken
        );
    }

    private static async Task RunAsync(
        BenchSystem system,
        BenchOptions options,
        string route,
        string how,
        IReadOnlyList<string> paths,
        CancellationToken cancellationToken
    )
    {
        var address = system.Sample.Gateway;
        var requests = Requests.Get(address, paths);
        using var gateway = Processes.Find("gateway", system.Sample.ConfigFile);
        await system.ToStageAsync(route, "legacy", cancellationToken);
        await ClosedLoop.RunAsync(
            address,
            requests,
            Connections,
            options.Window,
            TimeProvider.System,
            cancellationToken
        ); // warms up
        var saturated = (
            await ClosedLoop.RunAsync(
                address,
                requests,
                Connections,
                options.Window * 2,
                TimeProvider.System,
                cancellationToken
            )
        ).PerSecond;
        var rate = saturated / 2;
        var (offered, before) = (0L, await FiguresAsync());
        IReadOnlyList<Side> sides = [Of("shadow off (stage legacy)", "legacy"), Of("shadow at 100 %", "shadow")];
        var windows = await Interleaved.RunAsync(sides, options.Rounds, options.Window * 3, cancellationToken);
        var after = await SettledAsync(before);
        Interleaved.Print(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Shadow on '{route}', {how}, at {rate:0.0} requests/s, half of {saturated:0.0}"
            ),
            sides,
            windows
        );
        Interleaved.PrintParts(sides, windows);
        var (off, on) = (Pooled(windows[0]), Pooled(windows[1]));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  p99 over all windows: off {off:0.00} ms, on {on:0.00} ms, ratio {on / off:0.000}, target <= "
                    + $"1.10: {(on / off <= 1.10 ? "met" : "MISSED")}"
            )
        );
        var made = (after.Compared - before.Compared) / (double)offered;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  comparisons made of {offered} offered: {made:P1}, target >= 95 %: "
                    + $"{(made >= 0.95 ? "met" : "MISSED")}; "
                    + $"{string.Join(", ", after.Verdicts.Select(verdict => $"{verdict.Value} {verdict.Key}"))}; "
                    + $"dropped: "
                    + $"{string.Join(", ", after.Dropped.Select(dropped => $"{dropped.Value} {dropped.Key}"))}"
            )
        );

        Side Of(string name, string stage) =>
            new(
                name,
                async (window, token) =>
                {
                    var load = await OpenLoop.RunAsync(
                        address,
                        requests,
                        rate,
                        Connections * 4,
                        window,
                        TimeProvider.System,
                        token
                    );
                    if (stage == "shadow")
                        offered += load.Latencies.Length + load.Failed;
                    return load;
                },
                () =>
                {
                    gateway.Refresh();
                    return gateway.TotalProcessorTime;
                },
                async token =>
                {
                    await Task.Delay(LeadIn, TimeProvider.System, token);
                    await system.ToStageAsync(route, stage, token);
                    var load = await OpenLoop.RunAsync(
                        address,
                        requests,
                        rate,
                        Connections * 4,
                        LeadIn,
                        TimeProvider.System,
                        token
                    );
                    if (stage == "shadow")
                        offered += load.Latencies.Length + load.Failed;
                }
            );

        async Task<Gateway.Telemetry.ShadowFigures> FiguresAsync() =>
            (await system.Admin.StatsAsync(cancellationToken)).Routes.Single(one => one.Route == route).Shadow;

        // The last window's final samples still wait for the watermark.
        async Task<Gateway.Telemetry.ShadowFigures> SettledAsync(Gateway.Telemetry.ShadowFigures first)
        {
            var began = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var figures = await FiguresAsync();
                if (
                    figures.Compared - first.Compared + figures.Dropped.Values.Sum() - first.Dropped.Values.Sum()
                        >= offered
                    || TimeProvider.System.GetElapsedTime(began) > Settled
                )
                    return figures;
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static double Pooled(IReadOnlyList<Window> windows)
    {
        var all = windows.SelectMany(window => window.Load.Latencies).ToArray();
        Array.Sort(all);
        return new LoadResult(1, all, 0).Quantile(0.99);
    }
}
