using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.Demo.Processes;
using Xunit;

namespace Strangler.Testing;

/// <summary>
/// A real Kafka broker for the tests of an assembly (<c>[assembly: AssemblyFixture(typeof(KafkaBroker))]</c>), started
/// with the first test that asks for it; each test names its own sources and topics. It needs the folder of a
/// <c>bin/kafka</c> that starts brokers: <c>KAFKA_HOME</c>, or <c>shared/kafka</c> beside a folder above us.
/// </summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    private const string Absent =
        "No Kafka broker can be started on this machine: name the folder of 'bin/kafka' in KAFKA_HOME (it needs Java).";

    // Ends with the broker, and ends it: the guard ends this shell when our process ends, however it does.
    private const string Keep = """
        trap 'KAFKA_HEAP=64m "$1" kill "$2"; exit' TERM
        nice -n 5 "$1" start "$2" "$3" || {
            # It gives up after a minute, which may be too soon on a busy machine.
            until (exec 3<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null; do
                kill -0 "$(cat "$2/broker.pid")" 2>/dev/null || exit 1
                sleep 0.2 & wait $!
            done
            echo "127.0.0.1:$3"
        }
        tail --pid="$(cat "$2/broker.pid")" -f /dev/null & wait $!
        """;

    // Events of an outbox have times of their own: the broker would delete those of last year while a test reads them.
    private const string KeepsAll = "log.retention.ms=-1";

    /// <summary>Lines of the broker's configuration in addition to those of <c>bin/kafka</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static int _names;

    private readonly SemaphoreSlim _one = new(1);
    private OwnFolder? _folder;
    private GuardedProcess? _process;
    private int _port;

    /// <summary>A name that no other test has.</summary>
    public static string Name(string prefix) => $"{prefix}{Interlocked.Increment(ref _names)}";

    /// <summary>Where the broker listens. Skips the test, by name and with the reason, if there can be none.</summary>
    public async Task<string> AddressAsync()
    {
        if (Program() is null)
            Assert.Skip(Absent);
        await _one.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null)
            {
                _folder = OwnFolder.Create("strangler-kafka-");
                _port = FreePort.TakeTwo(); // the other is its controller's
                await StartAgainAsync();
            }
            return $"127.0.0.1:{_port}";
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The broker's process.</summary>
    public async Task<int> ProcessIdAsync() =>
        int.Parse(
            await File.ReadAllTextAsync(
                Path.Combine(_folder!.Path, "broker", "broker.pid"),
                TestContext.Current.CancellationToken
            ),
            System.Globalization.CultureInfo.InvariantCulture
        );

    /// <summary>Ends the broker as a crash would: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        using var broker = System.Diagnostics.Process.GetProcessById(await ProcessIdAsync());
        broker.Kill();
        await broker.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process!.DisposeAsync();
    }

    /// <summary>Starts the broker, after <see cref="KillAsync"/>, on the same port and data.</summary>
    public async Task StartAgainAsync()
    {
        var lines = new List<string>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (program, cancel) = (await ConfiguredAsync(Program()!), TestContext.Current.CancellationToken);
        _process = GuardedProcess.Start(
            ["bash", "-c", Keep, "kafka", program, Path.Combine(_folder!.Path, "broker"), $"{_port}"],
            new Dictionary<string, string?> { ["KAFKA_HEAP"] = "256m" },
            (_, line) =>
            {
                lock (lines)
                    lines.Add(line);
                if (line == $"127.0.0.1:{_port}")
                    started.TrySetResult();
            },
            TimeProvider.System
        );
        var ended = _process.WaitForExitAsync(cancel);
        try
        {
            if (await Task.WhenAny(started.Task, ended).WaitAsync(StartLimit, cancel) == ended)
                throw new InvalidOperationException($"The broker did not start: {string.Join(' ', lines)}");
        }
        catch
        {
            var process = _process;
            _process = null; // the next test tries again
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deletes a topic. The deletion goes on for a moment after it was confirmed.</summary>
    public async Task DeleteTopicAsync(string topic)
    {
        using var admin = new AdminClientBuilder([new("bootstrap.servers", await AddressAsync())]).Build();
        await admin.DeleteTopicsAsync([topic]);
        while (await IsKnownAsync(admin, topic))
            await PauseAsync();
    }

    /// <summary>Returns when the broker knows a topic: a moment after its creation was confirmed.</summary>
    public static async Task TopicIsKnownAsync(IAdminClient admin, string topic)
    {
        while (!await IsKnownAsync(admin, topic))
            await PauseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder?.Dispose();
        _one.Dispose();
    }

    private static async Task<bool> IsKnownAsync(IAdminClient admin, string topic)
    {
        try
        {
            await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
            return true;
        }
        catch (DescribeTopicsException)
        {
            return false;
        }
    }

    private static Task PauseAsync() =>
        Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>The same programs beside a configuration of our own.</summary>
    private async Task<string> ConfiguredAsync(string program)
    {
        var (theirs, ours) = (Path.GetFullPath(Path.Combine(program, "..", "..")), Path.Combine(_folder!.Path, "home"));
        var (bin, config) = (Path.Combine(ours, "bin"), Path.Combine(ours, "config"));
        if (!Directory.Exists(ours))
        {
            Directory.CreateDirectory(bin);
            Directory.CreateDirectory(config);
            File.CreateSymbolicLink(Path.Combine(bin, "kafka"), program);
            Directory.CreateSymbolicLink(Path.Combine(ours, "libs"), Path.Combine(theirs, "libs"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(theirs, "config")))
                await File.WriteAllLinesAsync(
                    Path.Combine(config, Path.GetFileName(file)),
                    [
                        .. await File.ReadAllLinesAsync(file),
                        .. file.EndsWith("server.properties", StringComparison.Ordinal)
                            ? Settings.Prepend(KeepsAll)
                            : [],
                    ]
                );
        }
        return Path.Combine(bin, "kafka");
    }

    private static string? Program()
    {
        var homes = Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } named
            ? [named]
            : Above(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared", "kafka"));
        return homes.Select(home => Path.Combine(home, "bin", "kafka")).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
