using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Strangler.Benchmarks.Scenarios;

/// <summary>
/// What a route's promise about the age of answers costs callers who write and read what they have written at once, at
/// 200 writes a second: the time of writes, the time of reads, who answered these, and how many were stale.
/// </summary>
internal static class FreshnessScenario
{
    private const double PerSecond = 200;
    private const int Callers = 32;
    private const string Header = "Strangler-Position";
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly string[] Modes = ["bounded", "session", "strict"];

    /// <summary>
    /// A route for each promise, and one whose writes sessions don't see, told apart by a prefix that legacy doesn't
    /// get.
    /// </summary>
    public static void Configure(JsonNode configuration)
    {
        configuration["Gateway"]!["SessionWrites"] = new JsonArray("rest");
        configuration["Gateway"]!["AnswerHeader"] = true;
        var routes = configuration["ReverseProxy"]!["Routes"]!.AsObject();
        foreach (var mode in Modes)
        {
            var route = routes["item"]!.DeepClone();
            route["Match"]!["Path"] = $"/{mode}/api/items/{{sku}}";
            route["Transforms"] = Without(mode);
            route["Strangler"]!["Freshness"] = mode;
            route["Strangler"]!["Recheck"] = new JsonObject { ["Share"] = 0 };
            routes[mode] = route;
        }
        var unseen = routes["rest"]!.DeepClone();
        unseen["Match"]!["Path"] = "/unseen/{**rest}";
        unseen["Transforms"] = Without("unseen");
        routes["unseen"] = unseen;
    }

    public static async Task RunAsync(BenchSystem system, BenchOptions options, CancellationToken cancellationToken)
    {
        foreach (var mode in Modes)
            await system.ToStageAsync(mode, "lookup", cancellationToken);
        var skus = await system.SkusAsync(1000, cancellationToken);
        var results = Modes.ToDictionary(mode => mode, _ => new List<Sample>());
        foreach (var mode in Modes)
            await WindowAsync(system, mode, skus, TimeSpan.FromSeconds(2), cancellationToken);
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var mode in Modes)
                results[mode].AddRange(await WindowAsync(system, mode, skus, options.Window, cancellationToken));
        }
        Console.WriteLine();
        Console.WriteLine($"Reads right after writes, {PerSecond:0} writes/s, {Callers} callers");
        Console.WriteLine("           write p50   p99   read p50   p99   from lookup   stale   reads");
        foreach (var mode in Modes)
        {
            var samples = results[mode];
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{mode, -10}{At(samples, one => one.Write, 0.5), 8:0.0} ms "
                        + $"{At(samples, one => one.Write, 0.99), 5:0.0}"
                        + $"{At(samples, one => one.Read, 0.5), 8:0.0} ms {At(samples, one => one.Read, 0.99), 5:0.0}"
                        + $"{Share(samples, one => one.IsLookups), 12:P1} {Share(samples, one => one.IsStale), 8:P1}"
                        + $"{samples.Count, 8}"
                )
            );
        }
    }

    private static async Task<List<Sample>> WindowAsync(
        BenchSystem system,
        string mode,
        IReadOnlyList<string> skus,
        TimeSpan window,
        CancellationToken cancellationToken
    )
    {
        var (began, pace) = (Time.GetTimestamp(), TimeSpan.FromSeconds(Callers / PerSecond));
        var all = await Task.WhenAll(Enumerable.Range(0, Callers).Select(CallAsync));
        return [.. all.SelectMany(one => one)];

        async Task<List<Sample>> CallAsync(int caller)
        {
            var samples = new List<Sample>();
            var writes = mode == "session" ? "" : "/unseen";
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
            {
                BaseAddress = system.Sample.Gateway,
            };
            for (var turn = 0; ; turn++)
            {
                var due = pace * turn + pace * caller / Callers;
                if (due >= window)
                    return samples;
                if (due - Time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
                    await Task.Delay(rest, Time, cancellationToken);
                // callers don't write the same items
                var sku = skus[(turn * Callers + caller) % (skus.Count / Callers * Callers)];
                samples.Add(await SampleAsync(http, writes, mode, sku, cancellationToken));
            }
        }
    }

    private static async Task<Sample> SampleAsync(
        HttpClient http,
        string writes,
        string mode,
        string sku,
        CancellationToken cancellationToken
    )
    {
        var name = $"Name {Time.GetTimestamp().ToString(CultureInfo.InvariantCulture)}";
        var began = Time.GetTimestamp();
        using var written = await http.PutAsJsonAsync($"{writes}/api/items/{sku}", new { name }, cancellationToken);
        var write = Time.GetElapsedTime(began);
        written.EnsureSuccessStatusCode();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{mode}/api/items/{sku}");
        if (written.Headers.TryGetValues(Header, out var position))
            request.Headers.Add(Header, position);
        began = Time.GetTimestamp();
        using var answer = await http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var read = Time.GetElapsedTime(began);
        answer.EnsureSuccessStatusCode();
        return new Sample(
            write.TotalMilliseconds,
            read.TotalMilliseconds,
            answer.Headers.TryGetValues("Strangler-Answer", out var by) && by.Single() == "lookup",
            !text.Contains(name, StringComparison.Ordinal)
        );
    }

    private static JsonArray Without(string prefix) => [new JsonObject { ["PathRemovePrefix"] = $"/{prefix}" }];

    private static double At(List<Sample> samples, Func<Sample, double> of, double quantile)
    {
        var sorted = samples.Select(of).Order().ToList();
        return sorted[(int)(quantile * (sorted.Count - 1))];
    }

    private static double Share(List<Sample> samples, Func<Sample, bool> holds) =>
        samples.Count(holds) / (double)samples.Count;

    private sealed record Sample(double Write, double Read, bool IsLookups, bool IsStale);
}
