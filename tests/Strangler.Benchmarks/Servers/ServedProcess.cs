using System.Diagnostics;
using System.Globalization;
using Strangler.Demo.Processes;
using Strangler.Foundation.Processes;

namespace Strangler.Benchmarks.Servers;

/// <summary>A server in a separate process whose processor time is known.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private readonly GuardedProcess _process;
    private readonly Process _own;

    private ServedProcess(GuardedProcess process, Process own, Uri address) =>
        (_process, _own, Address) = (process, own, address);

    public Uri Address { get; }

    /// <summary>Processor time of the server so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _own.Refresh();
            return _own.TotalProcessorTime;
        }
    }

    /// <summary>
    /// Starts one of our own servers (see <see cref="Serving"/>) and waits until it reports its address.
    /// </summary>
    /// <param name="store">The store's connection string, which must not be on a command line.</param>
    public static async Task<ServedProcess> StartAsync(
        string role,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken,
        string? store = null
    )
    {
        var ready = new TaskCompletionSource<(int Id, Uri Address)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var words = new Tail();
        var process = GuardedProcess.Start(
            [.. DotnetProgram.Command(typeof(ServedProcess).Assembly.Location), Serving.Word, role, .. arguments],
            new Dictionary<string, string?> { [Serving.Store] = store },
            (_, line) =>
            {
                words.Add(line);
                if (line.Split(' ') is [Serving.Ready, var id, var address])
                    ready.TrySetResult((int.Parse(id, CultureInfo.InvariantCulture), new Uri(address)));
            },
            TimeProvider.System
        );
        try
        {
            var (id, address) = await ready.Task.WaitAsync(ReadyLimit, cancellationToken);
            return new(process, Process.GetProcessById(id), address);
        }
        catch (TimeoutException)
        {
            await process.DisposeAsync();
            throw new TimeoutException($"The server '{role}' did not start: {words}");
        }
    }

    /// <summary>Uses a process that is already started, found by words in its command line.</summary>
    public static ServedProcess Of(GuardedProcess process, Uri address, params string[] words) =>
        new(process, Processes.Find(words), address);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _own.Dispose();
    }
}
