using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Cli.Up;

/// <summary>Runs parts as child processes, starts again what ends, and ends all of them together.</summary>
/// <param name="say">Gets each line that is to be shown: those of the parts with their name before them, and our own.</param>
internal sealed class Supervisor(IReadOnlyList<Part> parts, Action<string> say, TimeProvider time)
{
    private const string Own = "up";
    private static readonly Dictionary<string, string?> NoVariables = [];
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private readonly int _width = parts.Select(part => part.Name.Length).Append(Own.Length).Max();

    /// <summary>Runs until cancelled, or until a part cannot even start.</summary>
    /// <returns>0 when cancelled; 2 when a part said a fault at its start, with what it said.</returns>
    public async Task<SupervisorEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ends = await Task.WhenAll(parts.Select(GuardAsync));
        return new(ends.Any(end => end is not null) ? ExitCode.Fault : ExitCode.Success, [.. ends.OfType<IReadOnlyList<string>>().SelectMany(lines => lines)]);

        async Task<IReadOnlyList<string>?> GuardAsync(Part part)
        {
            try
            {
                return await RunPartAsync(part, stop);
            }
            catch
            {
                await stop.CancelAsync(); // else the others would run on without anybody
                throw;
            }
        }
    }

    /// <summary>Null once we are stopped; the part's last words where it gave up, which stops the others too.</summary>
    private async Task<IReadOnlyList<string>?> RunPartAsync(Part part, CancellationTokenSource stop)
    {
        var row = 0;
        for (var first = true; ; first = false)
        {
            var words = new LastWords();
            var began = time.GetTimestamp();
            using var process = LineProcess.Start(part.Command, NoVariables, null, (error, line) =>
            {
                if (error) words.Add(line);
                Say(part.Name, line);
            }, time);
            Say(Own, $"{part.Name} runs as process {process.Id}.");
            try
            {
                await process.WaitForExitAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                await EndAsync(part, process);
                return null;
            }

            switch (Restarts.Decide(new(process.ExitCode, time.GetElapsedTime(began), first, row)))
            {
                case AfterEnd.GiveUp:
                    await stop.CancelAsync();
                    return words.Lines;
                case AfterEnd.StartAgain(var delay, var next):
                    row = next;
                    Say(Own, $"{part.Name} ended with exit code {process.ExitCode}; it starts again {(delay == TimeSpan.Zero ? "at once" : $"in {delay.TotalSeconds} s")}.");
                    try
                    {
                        await Task.Delay(delay, time, stop.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        return null;
                    }
                    break;
            }
        }
    }

    private async Task EndAsync(Part part, LineProcess process)
    {
        process.EndInput();
        if (await process.WaitForExitAsync(EndLimit)) return;
        Say(Own, $"{part.Name} did not end within {EndLimit.TotalSeconds} s and was killed.");
        await process.KillAsync();
    }

    private void Say(string name, string line) => say($"{name.PadRight(_width)} | {line}");
}
