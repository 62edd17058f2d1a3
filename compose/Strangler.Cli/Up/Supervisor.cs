using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;
using Strangler.Gateway.Admin;

namespace Strangler.Cli.Up;

/// <summary>
/// Runs parts as child processes, restarts those that end, and stops all of them together. The end of one part never
/// ends another.
/// </summary>
/// <param name="say">Gets each line to show: the parts' lines prefixed with their names, and our own.</param>
internal sealed class Supervisor(IReadOnlyList<Part> parts, Action<string> say, TimeProvider time)
{
    private const string Own = "up";

    /// <summary>Of a thousand lines that wait to be written, none is longer.</summary>
    private const int MaxLineLength = 16_000;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private readonly int _width = parts.Select(part => part.Name.Length).Append(Own.Length).Max();
    private readonly PartBoard _board = new(time);

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
                await stop.CancelAsync(); // a defect in Strangler: what restarts us restarts all of them
                throw;
            }
        }
    }

    private async Task RunPartAsync(Part part, CancellationToken stop)
    {
        for (var failures = 0; ; )
        {
            var words = new LastFaults();
            var began = time.GetTimestamp();
            var code = PartExit.NotStarted;
            if (TryStart(part, words) is { } started)
            {
                using var process = started;
                Say(Own, $"The part '{part.Name}' runs as process {process.Id}.");
                _board.Change(
                    part.Name,
                    state => state with { IsRunning = true, Since = time.GetUtcNow(), NextTry = null }
                );
                if (!await RunsToItsEndAsync(part, process, stop))
                    return;
                code = process.ExitCode;
            }

            var (delay, next) = RestartPolicy.Decide(new(code, time.GetElapsedTime(began), failures), part.MaxDelay);
            failures = next;
            var now = time.GetUtcNow();
            _board.Change(part.Name, _ => new(part.Name, IsRunning: false, now, code, words.Faults, now + delay));
            var how = code == PartExit.NotStarted ? "could not be started" : $"ended with exit code {code}";
            Say(
                Own,
                $"The part '{part.Name}' {how}; it starts again "
                    + $"{(delay == TimeSpan.Zero ? "at once" : $"in {delay.TotalSeconds} s")}."
            );
            try
            {
                await Task.Delay(delay, time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Null: this machine can't run the program now, because of memory, process or file limits. That counts as an end
    /// like any other.
    /// </summary>
    private LineProcess? TryStart(Part part, LastFaults words)
    {
        try
        {
            return LineProcess.Start(
                part.Command,
                part.Variables,
                null,
                (error, line) =>
                {
                    if (error)
                        Hear(part, words, line);
                    Say(part.Name, line);
                },
                time
            );
        }
        catch (Exception exception)
        {
            var fault = new Fault(
                part.Name,
                $"'{part.Command[0]}' cannot be started: {exception.Message}",
                "Look at the machine's memory, its processes and its open files, and whether the program exists."
            );
            words.Add($"{FaultLines.Prefix}{fault}");
            Say(Own, $"{fault}");
            return null;
        }
    }

    private void Hear(Part part, LastFaults words, string line)
    {
        words.Add(line);
        if (ErrorLine.TextOf(line) is { } text)
            _board.Change(part.Name, state => state with { LastError = new PartError(time.GetUtcNow(), text) });
    }

    /// <summary>
    /// Waits for the end of a run. Returns false if it is stopped first; then the run has been ended.
    /// </summary>
    private async Task<bool> RunsToItsEndAsync(Part part, LineProcess process, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var telling = part.IsTold ? _board.TellAsync(process.WriteAsync, ended.Token) : Task.CompletedTask;
        try
        {
            await process.WaitForExitAsync(stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            await ended.CancelAsync();
            await telling;
            if (stop.IsCancellationRequested)
                await EndAsync(part, process);
        }
    }

    private async Task EndAsync(Part part, LineProcess process)
    {
        process.EndInput();
        if (await process.WaitForExitAsync(EndLimit))
            return;
        Say(Own, $"The part '{part.Name}' did not end within {EndLimit.TotalSeconds} s and was killed.");
        await process.KillAsync();
    }

    /// <summary>A line that can't be written, as on a full disk, ends no part.</summary>
    private void Say(string name, string line)
    {
        try
        {
            say($"{name.PadRight(_width)} | {TextCut.At(MaxLineLength, line)}");
        }
        catch (Exception) { } // nobody else can be told
    }
}
