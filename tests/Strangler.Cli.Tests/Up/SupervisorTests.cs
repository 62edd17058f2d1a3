using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Strangler.Cli.Up;
using Strangler.Gateway.Admin;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class SupervisorTests
{
    // Writes its process id and ends when its input does.
    private const string Well = "echo pid $$; cat >/dev/null; echo bye";

    private readonly ConcurrentQueue<string> _lines = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ChildIsKilled_IsStartedAgain()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", Well), ("b", Well));
        var victim = await PidAsync("a", 1);

        Process.GetProcessById(victim).Kill();

        Assert.NotEqual(victim, await PidAsync("a", 2));
        await PidAsync("b", 1);
        Assert.Single(_lines, line => line.StartsWith("b  | pid", StringComparison.Ordinal));
        Assert.Contains(
            _lines,
            line => line == "up | The part 'a' ended with exit code 137; it starts again in 0.5 s."
        );
        await stop.CancelAsync();
        await run;
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsChildrenInGoodOrder()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", Well));
        var child = await PidAsync("a", 1);

        await stop.CancelAsync();
        await run;

        Assert.Contains("a  | bye", _lines);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child));
    }

    /// <summary>
    /// A part that can't even start ends no others; listeners get its faults, and so do those that start later.
    /// </summary>
    [Fact]
    public async Task RunAsync_FaultAtTheStart_OthersGoOnAndAreToldOfIt()
    {
        using var stop = new CancellationTokenSource();
        const string Told = "echo pid $$; while read -r line; do echo told $line; done; echo bye";
        const string Faulty =
            "echo 12:00:00 a log line >&2; echo 'strangler: Store: It does not exist. Make it.' >&2; exit 2";
        var run = new Supervisor(
            [Bash("a", Told, isTold: true), Bash("b", Faulty)],
            _lines.Enqueue,
            TimeProvider.System
        ).RunAsync(stop.Token);

        var first = await ToldAsync(
            states => states.SingleOrDefault(state => state.Part == "b" && !state.IsRunning),
            0
        );
        var heard = _lines.Count;
        Process.GetProcessById(await PidAsync("a", 1)).Kill();
        await PidAsync("a", 2);
        var again = await ToldAsync(
            states => states.SingleOrDefault(state => state.Part == "b" && state.ExitCode == 2),
            heard
        );
        await stop.CancelAsync();
        await run;

        Assert.Equal((2, false), (first.ExitCode, first.IsRunning));
        Assert.Equal(["Store: It does not exist. Make it."], first.Faults);
        Assert.NotNull(first.NextTry);
        Assert.Equal(["Store: It does not exist. Make it."], again.Faults);
        Assert.Contains("a  | bye", _lines);
        Assert.Contains("up | The part 'b' ended with exit code 2; it starts again in 0.5 s.", _lines);
    }

    /// <summary>
    /// Errors in a part's log are passed on while the part runs, only the newest, and not those of a run that has
    /// ended.
    /// </summary>
    [Fact]
    public async Task RunAsync_PartLogsErrorsAndRunsOn_TheNewestIsToldUntilANewRun()
    {
        using var stop = new CancellationTokenSource();
        const string Told = "while read -r line; do echo told $line; done";
        const string Waiting = """
            echo pid $$
            echo '12:00:00.000 fail: Bridge[1] Written to standard output.'
            echo '12:00:00.000 fail: Bridge[1] The first.' >&2
            echo '12:00:00.000 fail: Bridge[1] It waits.' >&2
            echo '12:00:00.000 warn: Bridge[1] It continues.' >&2
            cat >/dev/null
            """;
        var run = new Supervisor(
            [Bash("a", Told, isTold: true), Bash("b", Waiting.Replace("\n", "; ", StringComparison.Ordinal))],
            _lines.Enqueue,
            TimeProvider.System
        ).RunAsync(stop.Token);
        var began = TimeProvider.System.GetUtcNow();

        var waits = await ToldAsync(
            states => states.SingleOrDefault(state => state.Part == "b" && state.LastError?.Text == "It waits."),
            0
        );
        Process.GetProcessById(await PidAsync("b", 1)).Kill();
        // Only the newest states are told: a slow listener never hears of the half second without a run.
        var ended = await ToldAsync(
            states => states.SingleOrDefault(state => state is { Part: "b", ExitCode: 137 }),
            0
        );
        await stop.CancelAsync();
        await run;

        Assert.Equal((true, null), (waits.IsRunning, waits.ExitCode));
        Assert.InRange(waits.LastError!.At, began.AddMinutes(-1), began.AddMinutes(1));
        Assert.NotEqual(waits.LastError, ended.LastError);
    }

    [Fact]
    public async Task RunAsync_ExitThree_StartsAgainAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", "echo pid $$; exit 3"));

        await PidAsync("a", 3);

        await stop.CancelAsync();
        await run;
        Assert.Contains("up | The part 'a' ended with exit code 3; it starts again at once.", _lines);
    }

    /// <summary>
    /// A program that can't be run now, for lack of the file, of memory or of processes, may be run later, and ends no
    /// others meanwhile.
    /// </summary>
    [Fact]
    public async Task RunAsync_PartThatCannotBeStarted_OthersGoOnAndItIsTriedAgain()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var stop = new CancellationTokenSource();
        const string Told = "echo pid $$; while read -r line; do echo told $line; done; echo bye";
        var folder = Directory.CreateTempSubdirectory("strangler-up-");
        var program = Path.Combine(folder.FullName, "later");
        var run = new Supervisor(
            [Bash("a", Told, isTold: true), new Part("b", [program])],
            _lines.Enqueue,
            TimeProvider.System
        ).RunAsync(stop.Token);

        var failed = await ToldAsync(
            states => states.SingleOrDefault(state => state.Part == "b" && !state.IsRunning),
            0
        );
        await File.WriteAllTextAsync(program + ".new", "#!/bin/sh\necho pid $$\ncat >/dev/null\n", Cancellation);
        File.SetUnixFileMode(program + ".new", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.Move(program + ".new", program);
        await PidAsync("b", 1);
        await stop.CancelAsync();
        await run;
        folder.Delete(recursive: true);

        Assert.Contains(program, Assert.Single(failed.Faults), StringComparison.Ordinal);
        Assert.NotNull(failed.NextTry);
        Assert.Single(_lines, line => line.StartsWith("a  | pid", StringComparison.Ordinal));
        Assert.Contains("a  | bye", _lines);
    }

    /// <summary>A thousand lines may wait to be shown.</summary>
    [Fact]
    public async Task RunAsync_PartWritesALongLine_IsShownCut()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", "head -c 200000 /dev/zero | tr '\\0' x; echo; " + Well));

        await PidAsync("a", 1);
        await stop.CancelAsync();
        await run;

        var line = Assert.Single(_lines, line => line.StartsWith("a  | xxx", StringComparison.Ordinal));
        Assert.EndsWith("x…", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1_000, 20_000);
    }

    /// <summary>A standard error that can't be written, as on a full disk, ends no part.</summary>
    [Fact]
    public async Task RunAsync_NothingCanBeSaid_PartsRunAndAreStartedAgain()
    {
        using var stop = new CancellationTokenSource();
        var folder = Directory.CreateTempSubdirectory("strangler-up-");
        var runs = Path.Combine(folder.FullName, "runs");
        static void Full(string line) => throw new IOException("No space left on device");
        var run = new Supervisor(
            [Bash("a", $"echo said; echo said >&2; echo $$ >>'{runs}'; exit 3")],
            Full,
            TimeProvider.System
        ).RunAsync(stop.Token);

        while (!File.Exists(runs) || (await File.ReadAllLinesAsync(runs, Cancellation)).Length < 3)
        {
            Assert.False(run.IsCompleted, run.Exception?.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
        await stop.CancelAsync();
        await run;
        folder.Delete(recursive: true);
    }

    private Task Supervise(CancellationToken cancellationToken, params (string Name, string Script)[] parts) =>
        new Supervisor(
            [.. parts.Select(part => Bash(part.Name, part.Script))],
            _lines.Enqueue,
            TimeProvider.System
        ).RunAsync(cancellationToken);

    private static Part Bash(string name, string script, bool isTold = false) =>
        new(name, ["bash", "-c", script], isTold);

    /// <summary>The first state of 'a' that matches, after this many lines.</summary>
    private async Task<PartState> ToldAsync(Func<IReadOnlyList<PartState>, PartState?> wanted, int after)
    {
        const string Mark = "a  | told ";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            foreach (var line in _lines.Skip(after).Where(line => line.StartsWith(Mark, StringComparison.Ordinal)))
            {
                if (PartState.FromLine(line[Mark.Length..]) is { } states && wanted(states) is { } state)
                    return state;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The process id that the part wrote in its n-th run.</summary>
    private async Task<int> PidAsync(string part, int n)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (
                _lines
                    .Where(line => line.StartsWith($"{part}  | pid ", StringComparison.Ordinal))
                    .Skip(n - 1)
                    .FirstOrDefault() is
                { } line
            )
                return int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
