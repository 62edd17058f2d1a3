using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Strangler.CdcBridge.Telemetry;
using Xunit;

namespace Strangler.Cli.Tests;

public sealed class SnapshotDisplayTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(
        12,
        3,
        1_200_000,
        4_800_000L,
        "[#####...............] 3 of 12 tables, 1,200,000 of about 4,800,000 rows, 20,000 rows/s, about 3:00 left"
    )]
    [InlineData(12, 3, 1_200_000, null, "[#####...............] 3 of 12 tables, 1,200,000 rows, 20,000 rows/s")]
    [InlineData(
        1,
        0,
        5_000_000,
        4_800_000L,
        "[###################.] 0 of 1 tables, 5,000,000 of about 4,800,000 rows, 83,333 rows/s"
    )]
    [InlineData(1, 1, 60, 0L, "[####################] 1 of 1 tables, 60 of about 0 rows, 1 rows/s")]
    [InlineData(0, 0, 0, null, "[####################] 0 of 0 tables, 0 rows, 0 rows/s")]
    [InlineData(
        1,
        0,
        60,
        1_000_000L,
        "[....................] 0 of 1 tables, 60 of about 1,000,000 rows, 1 rows/s, about 277:45:40 left"
    )]
    public void Bar_Progress_SaysHowFarItIs(int tables, int read, long rows, long? estimated, string line) =>
        Assert.Equal(
            line,
            SnapshotLine.Bar(new SnapshotProgress(tables, read, rows, estimated, Noon), Noon.AddMinutes(1), width: 200)
        );

    [Fact]
    public void Bar_NarrowTerminal_IsNotWrapped() =>
        Assert.Equal(39, SnapshotLine.Bar(new SnapshotProgress(9, 1, 1, 9, Noon), Noon, width: 40).Length);

    [Fact]
    public void Bar_FirstMoment_HasNoRate() =>
        Assert.EndsWith(
            ", 0 rows/s",
            SnapshotLine.Bar(new SnapshotProgress(9, 0, 0, 9, Noon), Noon, 80),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task RunAsync_NoTerminal_LogsALineEachHalfMinuteWithoutControlCharacters()
    {
        var time = new FakeTimeProvider(Noon);
        using var stop = new CancellationTokenSource();
        var logged = new Lines();
        var display = new SnapshotDisplay(Running, terminal: null, () => 80, time, logged);

        var running = display.RunAsync(stop.Token);
        time.Advance(SnapshotDisplay.LogPace - TimeSpan.FromTicks(1));
        var before = logged.All.Count;
        time.Advance(TimeSpan.FromTicks(1));
        await logged.FirstAsync;
        await stop.CancelAsync();
        await running;

        Assert.Equal(0, before);
        var line = Assert.Single(logged.All);
        Assert.StartsWith("The snapshot has read 1 of 2 tables, 600 rows", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Fact]
    public async Task RunAsync_Terminal_EndsWithoutALine()
    {
        using var stop = new CancellationTokenSource();
        List<string> shown = [];
        var display = new SnapshotDisplay(Running, shown.Add, () => 80, new FakeTimeProvider(Noon), new Lines());

        var running = display.RunAsync(stop.Token);
        display.Show();
        await stop.CancelAsync();
        await running;

        Assert.StartsWith("[##########..........] 1 of 2 tables", shown[0], StringComparison.Ordinal);
        Assert.Equal("", shown[^1]);
    }

    /// <summary>A line of the log stands above the bar, which stays.</summary>
    [Fact]
    public void ShowBelow_LinesAreWritten_StaysBelowThem()
    {
        using var screen = new StringWriter();
        using var error = new StandardError(screen);

        error.ShowBelow("bar 1");
        error.Write("a line\n");
        error.ShowBelow("bar 2");
        error.ShowBelow("");
        error.WriteLine("the end");

        const string Clear = "\r\u001b[K";
        Assert.Equal(
            $"{Clear}bar 1{Clear}a line\nbar 1{Clear}bar 2{Clear}the end{Environment.NewLine}",
            screen.ToString()
        );
    }

    private static BridgeStatus.Snapshot Running() => new(new SnapshotProgress(2, 1, 600, null, Noon));

    private sealed class Lines : ILogger
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> All { get; } = [];

        public Task FirstAsync => _first.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            All.Add(formatter(state, exception));
            _first.TrySetResult();
        }
    }
}
