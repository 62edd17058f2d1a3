using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Testing;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>
/// <c>strangler demo</c> as a person runs it: it ends correctly, however it is ended, and leaves nothing behind.
/// </summary>
[Collection(nameof(Alone))]
public sealed partial class DemoTests : IAsyncDisposable
{
    private const int Interrupted = 130;
    private static readonly string[] Small = ["--items", "200"];

    private readonly DemoTrace _trace = new();
    private readonly List<string> _lines = [];
    private LineProcess? _demo;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Said
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    [Fact]
    public async Task Demo_RunToItsEnd_WritesItsSummaryAndLeavesNothing()
    {
        Skip();
        await AssertRunsToItsEndAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Demo_OnKafka_WritesItsSummaryAndLeavesItsTopics()
    {
        Skip();
        await using var broker = new KafkaBroker();
        var address = await broker.AddressAsync();

        await AssertRunsToItsEndAsync("--kafka", address);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        var topics = admin.GetMetadata(Until.Limit).Topics.Select(topic => topic.Topic).ToList();
        Assert.Contains(
            topics,
            topic =>
                topic.StartsWith("shop-", StringComparison.Ordinal)
                && topic.EndsWith(".public.item", StringComparison.Ordinal)
        );
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Demo_Killed_TakesItsProcessesWithItAndTheNextRunTakesItsFolders()
    {
        Skip();
        await StartAsync("Traffic: ", ["--seconds", "600", .. Small]);
        Assert.True(_trace.Processes().Count > 8, string.Join('\n', _trace.Processes()));

        await _demo!.KillAsync();
        await Until.TrueAsync(
            () => Task.FromResult(_trace.Processes().Count == 0),
            () => $"These outlived the demo: {string.Join('\n', _trace.Processes())}",
            Cancellation
        );
        await AssertNobodyListensAsync();
        Assert.NotEmpty(_trace.Files());
        await StartAsync("Starting the legacy system", ["--seconds", "20", .. Small]);
        await InterruptAsync();

        Assert.Empty(_trace.Files());
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Demo_Interrupted_ExitsAsInterruptedAndLeavesNothing()
    {
        Skip();
        await StartAsync("Traffic: ", ["--seconds", "600", .. Small]);

        Assert.Equal(Interrupted, await InterruptAsync());

        Assert.Empty(_trace.Processes());
        Assert.Empty(_trace.Files());
        await AssertNobodyListensAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Demo_KeptRunning_CanBeUsedAsItSaysUntilItIsInterrupted()
    {
        Skip();
        var json = Path.Combine(_trace.Elsewhere, "summary.json");
        await StartAsync("Everything continues until Ctrl-C.", ["--seconds", "20", "--keep", "--json", json, .. Small]);
        await SaysAsync(InLookup());

        using (var http = new HttpClient())
            Assert.Contains(
                "\"status\"",
                await http.GetStringAsync(Printed("  curl '").TrimEnd('\''), Cancellation),
                StringComparison.Ordinal
            );
        foreach (var command in new[] { "routes", "report", "rollback", "promote", "get" })
        {
            var run = await CommandRun.Async([command, .. Printed($"  ./strangler {command} ").Split(' ')]);
            Assert.True(
                run.Code == ExitCode.Success && run.Output.Count > 0,
                $"{command}: {string.Join('\n', run.Errors)}"
            );
        }

        Assert.False(_demo!.HasExited);
        Assert.True(await InterruptAsync() == ExitCode.Success, Said);
        Assert.True(File.Exists(json));
        Assert.Empty(_trace.Processes());
        Assert.Empty(_trace.Files());
    }

    public async ValueTask DisposeAsync()
    {
        if (_demo is { HasExited: false } demo)
            await demo.KillAsync();
        _demo?.Dispose();
        _trace.Dispose();
    }

    [GeneratedRegex(@"^\d+:\d\d  lookup", RegexOptions.Multiline)]
    private static partial Regex InLookup();

    [GeneratedRegex("through (http://127.0.0.1:[0-9]+/)")]
    private static partial Regex GatewayAddress();

    private static void Skip()
    {
        if (Strangler.Demo.Postgres.PostgresPrograms.Find() is null)
            Assert.Skip(
                "PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package, or "
                    + "name their folder in STRANGLER_POSTGRES."
            );
    }

    [GeneratedRegex(
        "distinct (versions of )?keys|that had begun before|unproven keys|^The route stays where it is|in time"
    )]
    private static partial Regex TooFewPattern();

    private async Task AssertRunsToItsEndAsync(params string[] options)
    {
        var json = Path.Combine(_trace.Elsewhere, "summary.json");

        var code = await RunAsync(["--seconds", "40", "--json", json, .. Small, .. options]);

        // On a busy machine a gate may rightly say that too little was compared: that is a normal end, too.
        // Or the gate waited for the last comparisons until the traffic was over.
        var refused =
            code == ExitCode.Fault
            && (
                Said.Contains("Its gate kept it in stage shadow", StringComparison.Ordinal)
                || Said.Contains("The lookup never answered", StringComparison.Ordinal)
            );
        Assert.True(code == ExitCode.Success || refused, Said);
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(json, Cancellation));
        var root = summary.RootElement;
        Assert.Equal(
            ("availability", 200, 0, 200),
            (
                root.GetProperty("route").GetString(),
                root.GetProperty("items").GetInt32(),
                root.GetProperty("errors").GetInt32(),
                root.GetProperty("writesAskedPerSecond").GetInt32()
            )
        );
        string[] stages =
            root.GetProperty("after").GetProperty("requests").GetInt32() > 0
                ? ["legacy", "shadow", "lookup"]
                : ["legacy", "shadow"];
        Assert.Equal(
            stages,
            root.GetProperty("stages")
                .EnumerateArray()
                .Select(stage => stage.GetProperty("stage").GetString())
                .Take(stages.Length)
        );
        // but not that something other than their number is missing
        Assert.All(
            root.GetProperty("refused").EnumerateObject().SelectMany(route => route.Value.EnumerateArray()),
            words => Assert.Matches(TooFewPattern(), words.GetString())
        );
        if (!refused)
        {
            var guard = root.GetProperty("guard");
            Assert.Equal(
                ("item", "shadow"),
                (guard.GetProperty("route").GetString(), guard.GetProperty("stage").GetString())
            );
            Assert.StartsWith("Guard 'wrong': ", guard.GetProperty("why").GetString(), StringComparison.Ordinal);
            Assert.Contains("went back to stage shadow by itself", Said, StringComparison.Ordinal);
        }
        var verdicts = root.GetProperty("comparison").GetProperty("verdicts");
        Assert.Equal(0, verdicts.GetProperty("wrong").GetInt32());
        Assert.True(verdicts.GetProperty("match").GetInt32() > 0, Said);
        Assert.All(
            ["requests", "writes", "seconds", "writesPerSecond"],
            name => Assert.True(root.GetProperty(name).GetDouble() > 0, name)
        );
        Assert.All(
            refused ? ["before"] : (string[])["before", "after"],
            side =>
                Assert.True(
                    root.GetProperty(side).GetProperty("requests").GetInt32() > 0
                        && root.GetProperty(side).GetProperty("p99Ms").GetDouble() > 0,
                    side
                )
        );
        Assert.All(
            ["dropped", "lagP50Seconds", "lagMaxSeconds"],
            name => Assert.True(root.TryGetProperty(name, out _), name)
        );
        Assert.Empty(_trace.Processes());
        Assert.Empty(_trace.Files());
        await AssertNobodyListensAsync();
    }

    private async Task<int> RunAsync(string[] arguments)
    {
        Start(arguments);
        if (!await _demo!.WaitForExitAsync(TimeSpan.FromMinutes(5)))
            Assert.Fail($"The demo did not end. It said: {Said}");
        return _demo.ExitCode;
    }

    private async Task StartAsync(string until, string[] arguments)
    {
        lock (_lines)
            _lines.Clear();
        Start(arguments);
        await SaysAsync(new Regex(Regex.Escape(until)));
    }

    private void Start(string[] arguments) =>
        _demo = LineProcess.Start(
            [.. RunningSystem.Strangler, "demo", .. arguments],
            _trace.Environment,
            null,
            (_, line) =>
            {
                lock (_lines)
                    _lines.Add(line);
            },
            TimeProvider.System
        );

    private Task SaysAsync(Regex text) =>
        Until.TrueAsync(
            () =>
            {
                if (_demo!.HasExited)
                    Assert.Fail($"The demo ended. It said: {Said}");
                return Task.FromResult(text.IsMatch(Said));
            },
            () => $"The demo never said '{text}', but: {Said}",
            Cancellation
        );

    /// <summary>Ctrl-C.</summary>
    private async Task<int> InterruptAsync()
    {
        using (var kill = Process.Start("kill", ["-INT", _demo!.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(Cancellation);
        if (!await _demo.WaitForExitAsync(Until.Limit))
            Assert.Fail($"The demo did not end when it was interrupted. It said: {Said}");
        return _demo.ExitCode;
    }

    /// <summary>The rest of the line that starts with the text.</summary>
    private string Printed(string beginning) =>
        Assert.Single(Said.Split('\n'), line => line.StartsWith(beginning, StringComparison.Ordinal))[
            beginning.Length..
        ];

    private async Task AssertNobodyListensAsync()
    {
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            http.GetAsync(GatewayAddress().Match(Said).Groups[1].Value, Cancellation)
        );
    }
}
