using Strangler.Demo.Processes;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Up;

/// <summary>Runs parts as child processes, starts again what ends, and ends all of them together. A part's end never ends another one.</summary>
/// <param name="say">Gets each line that is to be shown: those of the parts with their name before them, and our own.</param>
internal sealed class Supervisor(IReadOnlyList<Part> parts, Action<string> say, TimeProvider time)
{
    private const string Own = "up";
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private readonly int _width = parts.Select(part => part.Name.Length).Append(Own.Length).Max();
    private readonly PartBoard _board = new();

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(parts.Select(GuardAsync));

        async Task GuardAsync(Part part)
        {
            try
            {
                await RunPartAsync(part, stop.Token);
            }
            catch
            {
                await stop.CancelAsync(); // a defect of ours: else the others would run on without anybody
                throw;
            }
        }
    }

    private async Task RunPartAsync(Part part, CancellationToken stop)
    {
        var state = new PartState(part.Name, IsRunning: true, time.GetUtcNow(), null, [], null);
        for (var row = 0; ;)
        {
            var words = new LastWords();
            var began = time.GetTimestamp();
            using var process = LineProcess.Start(part.Command, part.Variables, null, (error, line) =>
            {
                if (error) words.Add(line);
                Say(part.Name, line);
            }, time);
            Say(Own, $"{part.Name} runs as process {process.Id}.");
            _board.Set(state = state with { IsRunning = true, Since = time.GetUtcNow(), NextTry = null });
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var telling = part.IsTold ? _board.TellAsync(process.WriteAsync, ended.Token) : Task.CompletedTask;
            try
            {
                await process.WaitForExitAsync(stop);
            }
            catch (OperationCanceledException)
            {
                await StopTellingAsync();
                await EndAsync(part, process);
                return;
            }

            await StopTellingAsync();
            var (delay, next) = Restarts.Decide(new(process.ExitCode, time.GetElapsedTime(began), row));
            row = next;
            _board.Set(state = new(part.Name, IsRunning: false, time.GetUtcNow(), process.ExitCode, words.Faults, time.GetUtcNow() + delay));
            Say(Own, $"{part.Name} ended with exit code {process.ExitCode}; it starts again {(delay == TimeSpan.Zero ? "at once" : $"in {delay.TotalSeconds} s")}.");
            try
            {
                await Task.Delay(delay, time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            async Task StopTellingAsync()
            {
                await ended.CancelAsync();
                await telling;
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
