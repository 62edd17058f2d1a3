using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Strangler.Foundation.Processes;
using Xunit;

namespace Strangler.Cli.Tests.Proxy;

/// <summary>
/// <c>strangler gateway</c>, or <c>strangler up</c>, as a process of its own, as a person starts it.
/// </summary>
internal sealed partial class RunningProxy : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly LineProcess _process;

    private RunningProxy(string folder, IReadOnlyDictionary<string, string?> variables, string[] arguments) =>
        _process = LineProcess.Start(
            [.. StranglerProgram.Command, .. arguments, "--until-input-ends"],
            variables,
            folder,
            (_, line) => _lines.Enqueue(line),
            TimeProvider.System
        );

    /// <summary>The addresses at which it serves.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    public string Words => string.Join('\n', _lines);

    /// <summary>Starts it, and waits until it says where it serves.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="variables">Environment variables.</param>
    /// <param name="arguments">The command and its options.</param>
    public static async Task<RunningProxy> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string?> variables,
        params string[] arguments
    )
    {
        var proxy = new RunningProxy(folder, variables, arguments);
        try
        {
            await proxy.UntilAsync(() => proxy._lines.Any(line => Serves().IsMatch(line)), "it serves");
            var line = proxy._lines.First(line => Serves().IsMatch(line));
            proxy.Addresses = [.. Address().Matches(Serves().Match(line).Value).Select(found => found.Groups[1].Value)];
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that returns answers unchanged, and trusts every certificate.</summary>
    public HttpClient Connect(int address = 0)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
#pragma warning disable CA5359 // the certificate is the test's own
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        return new(handler) { BaseAddress = new Uri(Addresses[address]), Timeout = Deadline };
    }

    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(began) > Deadline)
                Assert.Fail($"It never came that {what}.\n{Words}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it as <c>up</c> would, and waits until it has written everything.</summary>
    public async Task EndAsync()
    {
        _process.EndInput();
        if (!await _process.WaitForExitAsync(TimeSpan.FromSeconds(30)))
            await _process.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"serves at ('\S+?'(, | and )?)+")]
    private static partial Regex Serves();

    [GeneratedRegex("'(.+?)'")]
    private static partial Regex Address();
}
