using System.Globalization;
using Npgsql;
using Spectre.Console;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>
/// The demo: 1. the sample legacy system, its database and our store; 2. the store's tables; 3. Strangler itself; 4.
/// traffic on the legacy system through the gateway; 5. meanwhile the routes are compared, and move from the call graph
/// to the lookup as far as their gates allow; 6. the summary; 7. cleanup, so that nothing is left behind.
/// </summary>
/// <param name="options">The options.</param>
/// <param name="strangler">The command line that starts <c>strangler</c>.</param>
/// <param name="files">The sample's programs.</param>
/// <param name="connect">Connects to the admin API at an address.</param>
/// <param name="console">The console to write to.</param>
/// <param name="time">The clock.</param>
public sealed class DemoRun(
    DemoOptions options,
    IReadOnlyList<string> strangler,
    SampleFiles files,
    Func<Uri, string, IRoutes> connect,
    IAnsiConsole console,
    TimeProvider time
)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Screen _screen = new(console);
    private readonly Tail _words = new(200);
    private readonly DemoPlan _plan = new(options.Seconds);

    /// <returns>The summary.</returns>
    /// <exception cref="FaultException">Something doesn't start or didn't work.</exception>
    public async Task<DemoSummary> RunAsync(CancellationToken cancellationToken)
    {
        if (options.JsonFile is { } file && !Directory.Exists(Path.GetDirectoryName(file)))
            throw new FaultException(
                new Fault("--json", $"The folder of '{file}' doesn't exist.", "Make it, or name another file.")
            );
        var provision = await PostgresProvision.FindAsync(_screen.Say, cancellationToken);
        await using var sample = await SampleSystem.StartAsync(
            new(provision, files, options.Items, _screen.Say) { Variant = Variant(), LegacyYields = true },
            time,
            cancellationToken
        ); // 1.
        await MigrateAsync(sample, cancellationToken); // 2.
        _screen.Say("Starting bridge, projections and gateway ('strangler up').");
        await using var up = GuardedProcess.Start(
            [.. strangler, "up", "--config", sample.ConfigFile],
            NoVariables,
            (_, line) => _words.Add(line),
            time
        ); // 3.
        var routes = connect(sample.Admin, sample.ConfigFile);
        await ReadyAsync(routes, up, cancellationToken);
        try
        {
            _screen.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Traffic: {options.ReadsPerSecond} reads/s on the routes, {options.WritesPerSecond} writes/s, "
                        + $"half of them on what is being read, through {sample.Gateway}"
                )
            );
            if (options.Fault is { } fault)
                _screen.Say($"Planted: {fault.Wrong}");
            if (options.CacheSeconds > 0)
                _screen.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The legacy system keeps an availability for {options.CacheSeconds} s, "
                            + $"and the routes declare it."
                    )
                );
            var summary = await TrafficAsync(sample, routes, up, cancellationToken); // 4. and 5.
            await SumUpAsync(summary, cancellationToken); // 6.
            return summary;
        }
        catch (FaultException)
        {
            foreach (var line in _words.Lines)
                _screen.Say(line);
            throw;
        }
    }

    private static readonly Dictionary<string, string?> NoVariables = [];

    private SampleVariant Variant() =>
        new(
            options.Fault,
            options.CacheSeconds,
            SampleConfiguration.RouteIds.ToDictionary(route => route, _ => _plan.Matches)
        )
        {
            Kafka = options.Kafka,
            IsRechecked = true,
        };

    private async Task MigrateAsync(SampleSystem sample, CancellationToken cancellationToken)
    {
        var (code, output) = await ProgramRun.Async(
            [.. strangler, "migrate", "--config", sample.ConfigFile],
            cancellationToken
        );
        if (code != ExitCode.Success)
            throw new FaultException(
                new Fault(
                    "strangler migrate",
                    $"It ended with exit code {code}: {output.Trim()}",
                    "See its output above."
                )
            );
    }

    /// <summary>Waits until all routes' projections are built.</summary>
    private async Task ReadyAsync(IRoutes routes, GuardedProcess up, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        FaultException? last = null;
        while (true)
        {
            if (up.HasExited)
                throw new FaultException(
                    new Fault(
                        "strangler up",
                        $"It ended with exit code {up.ExitCode}: {_words}",
                        "See its output above."
                    )
                );
            try
            {
                if ((await routes.ReadAsync(cancellationToken)).All(route => route.Lag is not null))
                    return;
            }
            catch (FaultException exception)
            {
                last = exception; // not listening yet
            }
            if (time.GetElapsedTime(began) > ReadyLimit)
                throw new FaultException(
                    new Fault(
                        "strangler up",
                        $"The documents were not built within {ReadyLimit.TotalMinutes} min. {last?.Message}",
                        $"Its last lines: {_words}"
                    ),
                    last
                );
            await Task.Delay(Second / 4, time, cancellationToken);
        }
    }

    private async Task<DemoSummary> TrafficAsync(
        SampleSystem sample,
        IRoutes routes,
        GuardedProcess up,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });
        await using var shop = NpgsqlDataSource.Create(sample.SourceConnection);
        var probe = new CallProbe(
            http,
            sample.Gateway,
            sample.Legacy,
            await CallProbe.PathsAsync(shop, cancellationToken),
            time
        );
        await probe.WarmUpAsync(cancellationToken);
        // Unlimited traffic ends with us.
        await using var traffic = Traffic.Start(
            files,
            sample.Gateway,
            options,
            options.Keep ? 1_000_000 : options.Seconds + (int)GuardScene.Limit.TotalSeconds * 2,
            time
        );
        if (options.Keep)
        {
            foreach (
                var line in DemoHints.Of(
                    sample,
                    SampleConfiguration.RouteIds[0],
                    options.Fault?.Projection ?? "ItemAvailability",
                    probe.Path
                )
            )
                _screen.Say(line);
        }

        var guard =
            options.Keep || options.Fault is not null
                ? null
                : new GuardScene(
                    routes,
                    new Shop(http, sample.Gateway, await Shop.LastItemAsync(shop, cancellationToken))
                );
        var seconds = new DemoTicker(options, _plan, routes, traffic, probe, guard, shop, time);
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Second, time);
        try
        {
            await _screen.ShowAsync(NextAsync);
        }
        catch (OperationCanceledException) when (options.Keep && cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the normal end.
        }
        var elapsed = time.GetElapsedTime(began);
        await traffic.EndAsync();
        return await seconds.SumAsync(elapsed);

        async Task<DemoState?> NextAsync()
        {
            if (traffic.HasEnded || seconds.IsOver(time.GetElapsedTime(began)))
                return null;
            await Task.WhenAny(
                timer.WaitForNextTickAsync(cancellationToken).AsTask(),
                traffic.WaitForEndAsync(cancellationToken)
            );
            cancellationToken.ThrowIfCancellationRequested();
            if (up.HasExited)
                throw new FaultException(
                    new Fault("strangler up", $"It ended with exit code {up.ExitCode}.", "See its last lines above.")
                );
            return await seconds.NextAsync(time.GetElapsedTime(began), cancellationToken);
        }
    }

    private async Task SumUpAsync(DemoSummary summary, CancellationToken cancellationToken)
    {
        console.Write(SummaryView.Of(summary));
        if (options.JsonFile is { } file)
            // after Ctrl-C, too: it ends the traffic, not the summary
            await File.WriteAllTextAsync(file, summary.ToJson(), CancellationToken.None);
        if (options.Keep && cancellationToken.IsCancellationRequested)
            return; // the user may end it at any time, so nothing is required to have happened
        if (DemoVerdict.Of(summary) is { Count: > 0 } faults)
            throw new FaultException(faults);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
