using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Strangler.Demo.Postgres;
using Strangler.Demo.Processes;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Guide;

/// <summary>
/// Follows the steps of a page, and fails the test if the output differs from the page's. It works in a folder
/// <c>bookshop</c>.
/// </summary>
internal sealed partial class GuideReader(PostgresPrograms programs) : IAsyncDisposable
{
    /// <summary>Starts the page's service.</summary>
    public const string Service = "dotnet run legacy/bookshop.cs";

    /// <summary>Starts Strangler.</summary>
    public const string Up = "strangler up";

    private const string Folder = "bookshop";

    /// <summary>They run, each in its own terminal, until they are stopped.</summary>
    private static readonly string[] Lasting = [Service, Up];

    /// <summary>They show what arrives later, and are repeated until it has.</summary>
    private static readonly string[] Repeated = ["strangler routes", "strangler report", "strangler promote"];

    /// <summary>
    /// The exit code of a 'curl' that found nobody listening: a part that was just started may not yet.
    /// </summary>
    private const int NobodyListens = 7;

    /// <summary>The exit code of a 'strangler' that found a fault, and how the page shows one.</summary>
    private const int Fault = 2;

    private const string ShownFault = "strangler: ";

    /// <summary>What the page has, and its replacement here.</summary>
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal)
    {
        ["/usr/lib/postgresql/15/bin"] = programs.Directory,
        ["5501"] = Port(),
        ["5502"] = Port(),
        ["8080"] = Port(),
        ["8081"] = Port(),
        ["8082"] = Port(),
        ["9000"] = Port(),
    };

    private readonly GuideMachine _machine = new(programs);
    private readonly Dictionary<string, GuardedProcess> _terminals = new(StringComparer.Ordinal);

    /// <summary>What every terminal needs from the page's first script: entering the folder, and its exports.</summary>
    private string? _opening;

    public Task DoAsync(GuideStep step) =>
        step switch
        {
            GuideStep.Write write => _machine.WriteAsync($"{Folder}/{write.File}", Here(write.Text)),
            GuideStep.Run run => RunAsync(run),
            GuideStep.Query query => QueryAsync(query),
            GuideStep.Type type when Lasting.Contains(type.Command) => StartAsync(type),
            GuideStep.Type type => TypeAsync(type),
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };

    /// <summary>Ctrl-C in the terminal of a command that runs.</summary>
    public async Task EndAsync(string command)
    {
        if (!_terminals.Remove(command, out var terminal))
            return;
        await using (terminal)
        {
            await terminal.EndAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals.Values.Reverse())
            await terminal.DisposeAsync();
        await _machine.DisposeAsync();
    }

    private async Task RunAsync(GuideStep.Run step)
    {
        var (code, output) = await _machine.RunAsync(_opening + Here(step.Script));
        if (code != 0)
            Assert.Fail($"{step.Place}: It ended with exit code {code}:\n{step.Script}\n{output}");
        _opening ??= string.Concat(
            Here(step.Script).Split('\n').Where(line => OfEachTerminal().IsMatch(line)).Select(line => line + '\n')
        );
    }

    /// <summary>
    /// The page doesn't say with which program, so it is the one of the other steps, as the superuser.
    /// </summary>
    private async Task QueryAsync(GuideStep.Query step)
    {
        const string Superuser = "postgresql://postgres:admin-secret@127.0.0.1:5501/bookshop";
        var (code, output) = await _machine.RunAsync($"{_opening}psql {Here(Superuser)} <<'SQL'\n{step.Sql}SQL\n");
        if (code != 0)
            Assert.Fail($"{step.Place}: psql ended with exit code {code}:\n{output}");
    }

    private async Task StartAsync(GuideStep.Type step)
    {
        await EndAsync(step.Command);
        var lines = new ConcurrentQueue<string>();
        _terminals[step.Command] = _machine.Start($"{_opening}exec {Here(step.Command)}", lines.Enqueue);
        await Until.TrueAsync(
            () => Task.FromResult(MissingLine() is null || _terminals[step.Command].HasExited),
            () => Otherwise(step, MissingLine(), string.Join('\n', lines)),
            TestContext.Current.CancellationToken
        );
        if (MissingLine() is { } missing)
            Assert.Fail(Otherwise(step, missing, string.Join('\n', lines)));

        string? MissingLine() => QuotedOutput.MissingLine(step.Command, Here(step.Output), lines);
    }

    private async Task TypeAsync(GuideStep.Type step)
    {
        var isRepeated = Repeated.Any(command => step.Command.StartsWith(command, StringComparison.Ordinal));
        var expected = step.Output.StartsWith(ShownFault, StringComparison.Ordinal) ? Fault : 0;
        var (code, output) = (0, "");
        await Until.TrueAsync(
            async () =>
            {
                (code, output) = await _machine.RunAsync(_opening + Here(step.Command));
                return Missing() is null || !(isRepeated || code == NobodyListens);
            },
            () => Otherwise(step, Missing(), output),
            TestContext.Current.CancellationToken
        );
        if (Missing() is { } missing)
            Assert.Fail(Otherwise(step, missing, output));
        // The page continues with the id of an example, which the reader takes from this output.
        if (ExampleId().Match(step.Output) is { Success: true } written)
            _words[written.Value] = ExampleId().Match(output).Value;

        string? Missing() =>
            code == expected
                ? QuotedOutput.Missing(step.Command, Here(step.Output), output)
                : $"exit code {expected}, but {code}";
    }

    /// <summary>In one pass: a port of this machine may contain one of the page's.</summary>
    private string Here(string text) =>
        Regex.Replace(text, string.Join('|', _words.Keys.Select(Regex.Escape)), word => _words[word.Value]);

    private static string Port() => FreePort.Take().ToString(CultureInfo.InvariantCulture);

    private static string Otherwise(GuideStep.Type step, string? missing, string output) =>
        $"{step.Place}: '{step.Command}' did not say at its place:\n{missing}\nIt said:\n{output}";

    [GeneratedRegex("^(cd|export) ")]
    private static partial Regex OfEachTerminal();

    [GeneratedRegex(@"\b[0-9A-HJKMNP-TV-Z]{12}(?=  GET )")]
    private static partial Regex ExampleId();
}
