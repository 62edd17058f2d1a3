using System.Globalization;
using System.Text.Json;
using Strangler.Demo.Processes;
using Strangler.Demo.Sample;
using Strangler.Foundation.Processes;

namespace Strangler.Demo.Show;

/// <summary>The legacy system's traffic generator, through the gateway. It writes a line of JSON a second.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly GuardedProcess _process;
    private readonly Tail _words;
    private readonly TrafficCount _count;

    private Traffic(GuardedProcess process, TrafficCount count, Tail words) =>
        (_process, _count, _words) = (process, count, words);

    public bool HasEnded => _process.HasExited;

    /// <summary>Its last output lines.</summary>
    public string Words => _words.ToString();

    public TrafficTotals Totals => _count.Totals;

    public double WritesPerSecond => _count.WritesPerSecond;

    /// <summary>How often the availability of a watched item was requested since watching began.</summary>
    public long ReadsOfWatched => _count.ReadsOfWatched;

    public static Traffic Start(SampleFiles files, Uri gateway, DemoOptions options, int seconds, TimeProvider time)
    {
        string[] arguments =
        [
            "--traffic",
            gateway.AbsoluteUri,
            "--items",
            Text(options.Items),
            "--reads-per-second",
            Text(options.ReadsPerSecond),
            "--writes-per-second",
            Text(options.WritesPerSecond),
            "--seconds",
            Text(seconds),
            "--reads-in-flight",
            Text(options.ReadsInFlight),
            "--writes-in-flight",
            Text(options.WritesInFlight),
            "--name-items",
            "--catch-up",
            Text(options.CatchUpSeconds),
            "--patience",
            Text(options.PatienceSeconds),
        ];
        var (count, words) = (new TrafficCount(), new Tail());
        return new(
            GuardedProcess.Start(
                [.. LowPriority.Prefix, .. DotnetProgram.Command(files.Legacy), .. arguments],
                new Dictionary<string, string?>(),
                (_, line) => Take(count, words, line),
                time
            ),
            count,
            words
        );
    }

    public void Watch(IReadOnlySet<string> items) => _count.Watch(items);

    public Task WaitForEndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Ends it early.</summary>
    public Task EndAsync() => _process.EndAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static void Take(TrafficCount count, Tail words, string line)
    {
        words.Add(line);
        try
        {
            if (line.StartsWith('{') && JsonSerializer.Deserialize<TrafficOutput>(line, Json) is { } report)
                count.Add(report);
        }
        catch (JsonException)
        {
            // It is among the last lines.
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
