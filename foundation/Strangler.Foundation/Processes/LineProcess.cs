using System.Diagnostics;

namespace Strangler.Foundation.Processes;

/// <summary>A child process whose standard input we hold and whose output comes to us in lines.</summary>
public sealed class LineProcess : IDisposable
{
    // A grandchild may hold the outputs open for as long as it likes: that the child has ended is known without them.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drained;

    private LineProcess(ProcessStartInfo start, Action<bool, string> line, TimeProvider time)
    {
        _time = time;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _exited.TrySetResult();
        var (output, errors) = (new TaskCompletionSource(), new TaskCompletionSource());
        _process.OutputDataReceived += (_, data) => Pass(false, data.Data, output);
        _process.ErrorDataReceived += (_, data) => Pass(true, data.Data, errors);
        _drained = Task.WhenAll(output.Task, errors.Task);
        try
        {
            _process.Start();
        }
        catch
        {
            _process.Dispose();
            throw;
        }
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Pass(bool error, string? text, TaskCompletionSource end)
        {
            if (text is null)
                end.TrySetResult();
            else
                line(error, text);
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, 128 and the signal's number where a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables beyond ours; null removes one.</param>
    /// <param name="folder">Where it runs; null: where we run.</param>
    /// <param name="line">Gets each line of its standard output (false) and error (true), from any thread.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">
    /// The machine can't start it: the program isn't there, or memory, processes or open files have run out.
    /// </exception>
    public static LineProcess Start(
        IReadOnlyList<string> command,
        IReadOnlyDictionary<string, string?> environment,
        string? folder,
        Action<bool, string> line,
        TimeProvider time
    )
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new(start, line, time);
    }

    /// <summary>Waits for its end, and briefly for the rest of its output.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _exited.Task.WaitAsync(cancellationToken);
        await Task.WhenAny(_drained, Task.Delay(DrainLimit, _time, cancellationToken));
    }

    /// <summary>Waits for its end, no longer than <paramref name="limit"/>. Returns whether it came.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        try
        {
            await WaitForExitAsync(CancellationToken.None).WaitAsync(limit, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Writes a line to its standard input; nothing happens where it has gone.</summary>
    public async Task WriteAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended meanwhile, which is seen elsewhere.
        }
    }

    /// <summary>Ends its standard input. Nothing happens while a line is being written that it does not read.</summary>
    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // It does not read its input, so it would not notice; or it has ended meanwhile.
        }
    }

    /// <summary><c>kill -9</c>, and the wait for its end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose() => _process.Dispose();
}
