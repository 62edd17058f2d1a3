using System.Diagnostics;

namespace Strangler.Foundation.Processes;

/// <summary>A child process whose standard input we hold and whose output we get in lines.</summary>
public sealed class LineProcess : IDisposable
{
    // A grandchild may hold the outputs open for any time: the child's end is known without them.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream[] _outputs;
    private readonly Task _drained;

    private LineProcess(ProcessStartInfo start, Action<bool, string> line, TimeProvider time)
    {
        _time = time;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _exited.TrySetResult();
        try
        {
            _process.Start();
        }
        catch
        {
            _process.Dispose();
            throw;
        }
        // Process's own reader keeps a line of any length.
        _outputs = [_process.StandardOutput.BaseStream, _process.StandardError.BaseStream];
        _drained = Task.WhenAll(
            Task.Run(() => ReadAsync(_outputs[0], text => line(false, text))),
            Task.Run(() => ReadAsync(_outputs[1], text => line(true, text)))
        );
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, or 128 plus the signal's number if a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables in addition to ours; null removes one.</param>
    /// <param name="folder">Its working folder; null: ours.</param>
    /// <param name="line">
    /// Gets each line of its standard output (false) and error (true), from any thread; one that is longer than
    /// <see cref="BoundedLineReader.MaxBytes"/> is cut.
    /// </param>
    /// <param name="time">The clock for waiting.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">
    /// The machine can't start it: the program doesn't exist, or memory, processes or open files are exhausted.
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

    /// <summary>Waits for its end, at most for <paramref name="limit"/>. Returns whether it ended.</summary>
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

    /// <summary>Writes a line to its standard input; does nothing if it has ended.</summary>
    public async Task WriteAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(text);
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception)
        {
            // It has ended meanwhile, which is noticed elsewhere, or this line can't be written.
        }
    }

    /// <summary>
    /// Ends its standard input. Does nothing while a line is being written that the process doesn't read.
    /// </summary>
    public void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // It doesn't read its input, so it wouldn't notice; or it has ended meanwhile.
        }
    }

    /// <summary><c>kill -9</c>, then waits for its end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        // A grandchild may hold them open: nobody listens to it any more.
        foreach (var output in _outputs)
            output.Dispose();
        _process.Dispose();
    }

    private static async Task ReadAsync(Stream output, Action<string> heard)
    {
        try
        {
            await BoundedLineReader.ReadAsync(output, heard, CancellationToken.None);
        }
        catch (Exception)
        {
            // What can't be read has ended.
        }
    }
}
