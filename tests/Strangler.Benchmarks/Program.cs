using System.Globalization;
using BenchmarkDotNet.Running;
using Strangler.Benchmarks;
using Strangler.Benchmarks.Scenarios;
using Strangler.Benchmarks.Servers;

// dotnet run -c Release --project tests/Strangler.Benchmarks -- proxy|lookup|shadow|all|freshness [rounds]
// [seconds a window] [items]
// dotnet run -c Release --project tests/Strangler.Benchmarks -- pure [BenchmarkDotNet's own options]
if (args is [Serving.Word, var role, .. var rest])
{
    await Serving.RunAsync(role, rest);
    return 0;
}
if (args is ["pure", .. var options])
{
    BenchmarkSwitcher.FromAssembly(typeof(BenchOptions).Assembly).Run(options is [] ? ["--filter", "*"] : options);
    return 0;
}
if (args is not [("proxy" or "lookup" or "shadow" or "freshness" or "all") and var what, ..])
{
    Console.Error.WriteLine(
        "Say what to measure: 'proxy', 'lookup', 'shadow', 'all', 'freshness' (each optionally with rounds, seconds a "
            + "window and items), or 'pure'."
    );
    return 2;
}
var asked = new BenchOptions(Number(1, 5), TimeSpan.FromSeconds(Number(2, 5)), Number(3, 10_000));
using var ended = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    ended.Cancel();
};
Console.WriteLine(
    $"{Environment.ProcessorCount} processors, {asked.Rounds} rounds, "
        + $"windows of {asked.Window.TotalSeconds} s, {asked.Items} items"
);
await using var system = await BenchSystem.StartAsync(
    asked.Items,
    what is "freshness" ? FreshnessScenario.Configure : null,
    ended.Token
);
if (what is "proxy" or "all")
    await ProxyScenario.RunAsync(system, asked, ended.Token);
if (what is "lookup" or "all")
    await LookupScenario.RunAsync(system, asked, ended.Token);
if (what is "shadow" or "all")
    await ShadowScenario.RunAsync(system, asked, ended.Token);
if (what is "freshness")
    await FreshnessScenario.RunAsync(system, asked, ended.Token);
return 0;

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
