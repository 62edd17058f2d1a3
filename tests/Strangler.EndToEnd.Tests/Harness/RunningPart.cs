using System.Collections.Concurrent;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.EndToEnd.Tests.Harness;

/// <summary>
/// One part of Strangler as a real process, which a test may kill and restart, with its own environment
/// (<c>STRANGLER_FAILPOINT</c>, <c>STRANGLER_FAILPOINT_LOG</c>). It ends when the test process does.
/// </summary>
/// <param name="name"><c>bridge</c>, <c>projections</c> or <c>gateway</c>.</param>
/// <param name="command">The command that starts it.</param>
public sealed class RunningPart(string name, IReadOnlyList<string> command) : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OwnEndLimit = TimeSpan.FromMinutes(5);
    private static readonly IReadOnlyDictionary<string, string?> NoVariables = new Dictionary<string, string?>();

    private readonly ConcurrentQueue<string> _lines = new();
    private LineProcess? _process;
    private int _before;

    public string Name => name;

    /// <summary>The output of all its runs so far, on both outputs.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public int ProcessId => Process.Id;

    public bool HasExited => _process is null || _process.HasExited;

    /// <summary>
    /// The exit code of the latest run, which has ended; 128 plus the signal's number if a signal ended it.
    /// </summary>
    public int ExitCode => Process.ExitCode;

    private LineProcess Process => _process ?? throw new InvalidOperationException($"{name} has not been started.");

    /// <summary>Starts it, for the first time or again.</summary>
    public void Start(IReadOnlyDictionary<string, string?>? environment = null)
    {
        if (!HasExited)
            throw new InvalidOperationException($"{name} runs.");
        _process?.Dispose();
        _before = _lines.Count;
        _process = LineProcess.Start(
            command,
            environment ?? NoVariables,
            null,
            (_, line) => _lines.Enqueue(line),
            TimeProvider.System
        );
    }

    /// <summary><c>kill -9</c>. Does nothing if it has already ended.</summary>
    public Task KillAsync() => HasExited ? Task.CompletedTask : Process.KillAsync();

    /// <summary>Stops it cleanly, and waits.</summary>
    public async Task EndAsync()
    {
        if (HasExited)
            return;
        Process.EndInput();
        if (await Process.WaitForExitAsync(EndLimit))
            return;
        await Process.KillAsync();
        Assert.Fail(
            $"{name} did not end within {EndLimit.TotalSeconds} s when it was asked to. It said: "
                + $"{string.Join('\n', _lines)}"
        );
    }

    /// <summary>Waits until it ends by itself, as at a failpoint.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        if (!await Process.WaitForExitAsync(OwnEndLimit).WaitAsync(cancellationToken))
            Assert.Fail($"{name} did not end. It said: {string.Join('\n', _lines)}");
    }

    /// <summary>Waits until its latest run has written a line that contains <paramref name="text"/>.</summary>
    public Task WaitForLineAsync(string text, CancellationToken cancellationToken) =>
        Until.TrueAsync(
            () => Task.FromResult(_lines.Skip(_before).Any(line => line.Contains(text, StringComparison.Ordinal))),
            () => $"{name} never said '{text}'. It said: {string.Join('\n', _lines)}",
            cancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
    }
}
