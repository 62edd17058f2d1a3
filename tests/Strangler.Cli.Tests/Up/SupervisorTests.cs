using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Strangler.Cli.Up;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.Cli.Tests.Up;

public sealed class SupervisorTests
{
    // Says its process id and ends when its input does.
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
        Assert.Single(_lines, line => line.StartsWith("b  | pid", StringComparison.Ordinal));
        Assert.Contains(_lines, line => line == "up | a ended with exit code 137; it starts again in 0.5 s.");
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Success, (await run).Code);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsChildrenInGoodOrder()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", Well));
        var child = await PidAsync("a", 1);

        await stop.CancelAsync();
        var end = await run;

        Assert.Equal(ExitCode.Success, end.Code);
        Assert.Contains("a  | bye", _lines);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(child));
    }

    [Fact]
    public async Task RunAsync_FaultAtTheStart_EndsAllAndSaysIt()
    {
        var end = await Supervise(Cancellation, ("a", Well), ("b", "echo 12:00:00 a log line >&2; echo 'strangler: Store: It is not there. Make it.' >&2; exit 2"));

        Assert.Equal(ExitCode.Fault, end.Code);
        Assert.Equal(["strangler: Store: It is not there. Make it."], end.Faults);
    }

    [Fact]
    public async Task RunAsync_ExitThree_StartsAgainAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var run = Supervise(stop.Token, ("a", "echo pid $$; exit 3"));

        await PidAsync("a", 3);

        await stop.CancelAsync();
        await run;
        Assert.Contains("up | a ended with exit code 3; it starts again at once.", _lines);
    }

    private Task<SupervisorEnd> Supervise(CancellationToken cancellationToken, params (string Name, string Script)[] parts) =>
        new Supervisor([.. parts.Select(part => new Part(part.Name, ["bash", "-c", part.Script]))], _lines.Enqueue, TimeProvider.System).RunAsync(cancellationToken);

    /// <summary>The process id that the part said in its n-th run.</summary>
    private async Task<int> PidAsync(string part, int n)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (_lines.Where(line => line.StartsWith($"{part}  | pid ", StringComparison.Ordinal)).Skip(n - 1).FirstOrDefault() is { } line) return int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
