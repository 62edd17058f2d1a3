using Strangler.EndToEnd.Tests.Writes;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>Kills one part repeatedly, and restarts it each time.</summary>
/// <param name="part">The part, which is running.</param>
/// <param name="working">What it logs in each run once it is working.</param>
/// <param name="log">Counts the kills.</param>
/// <param name="random">When it is killed.</param>
internal sealed class Killer(RunningPart part, string working, KillLog log, Random random)
{
    /// <summary>Most runs end within seconds, so the compiler's profiling isn't worth its time.</summary>
    private static readonly Dictionary<string, string?> Quick = new() { ["DOTNET_TieredPGO"] = "0" };

    /// <summary>Starts it, to be killed.</summary>
    public void Start() => part.Start(Quick);

    /// <summary>Lets it run into a named point.</summary>
    /// <param name="point">The point's name in the code.</param>
    /// <param name="passes">It is killed at this pass at the latest.</param>
    /// <param name="leading">What makes the armed part pass that point; null: the usual writes.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task AtAsync(string point, int passes, Func<Task>? leading, CancellationToken cancellationToken)
    {
        var before = log.Hits(point);
        await part.KillAsync();
        part.Start(new Dictionary<string, string?>([.. Quick, .. log.At(point, random.Next(1, passes + 1))]));
        if (leading is not null)
            await leading();
        await Until.TrueAsync(
            () => Task.FromResult(part.HasExited),
            () => $"{part.Name} never passed '{point}'. It said: {string.Join('\n', part.Lines.TakeLast(30))}",
            cancellationToken
        );
        await part.WaitForExitAsync(cancellationToken);
        if (log.Hits(point) != before + 1)
            Xunit.Assert.Fail(
                $"{part.Name} ended, but not at '{point}'. It said: {string.Join('\n', part.Lines.TakeLast(30))}"
            );
        Start();
    }

    /// <summary>Kills it at a random instant: mostly while it works, sometimes before.</summary>
    public async Task AnywhereAsync(Writer writer, CancellationToken cancellationToken)
    {
        var atWork = random.Next(4) != 0;
        if (atWork)
            await part.WaitForLineAsync(working, cancellationToken);
        await writer.WroteAsync(random.Next(1, 20), cancellationToken);
        await part.KillAsync();
        log.Add($"{part.Name}, {(atWork ? "at work" : "as it started")}");
        Start();
    }
}
