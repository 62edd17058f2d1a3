using System.Globalization;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Processes;

namespace Strangler.Demo.Postgres;

/// <summary>
/// A cluster in a Docker container. The container, with its data, survives a stop of the server and is removed when
/// this process ends, however that happens: a shell holds the other end of a pipe and removes the container when the
/// pipe closes. Only if the shell dies, too, as with the whole machine, is something left; the next start removes it,
/// by its label.
/// </summary>
internal sealed class ContainerCluster(string image, int port, string password, TimeProvider time) : ICluster
{
    /// <summary>The label of all our containers.</summary>
    public const string Label = "strangler.demo";

    // Ctrl-C at a terminal, and the terminal's end, reach every process of the group, but this one still has work to
    // do.
    private const string Remover = """
        trap '' INT HUP TERM
        cat >/dev/null
        exec docker rm --force --volumes "$1" >/dev/null
        """;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RemoveLimit = TimeSpan.FromSeconds(30);

    private readonly string _name = $"strangler-postgres-{port}";
    private LineProcess? _remover;

    public IReadOnlyList<string> Command => ["docker", "start", "--attach", _name];

    public IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>();

    public async Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        if (await ProgramRun.Async(["docker", "image", "inspect", image], cancellationToken) is not (0, _))
        {
            var (pulled, words) = await ProgramRun.Async(["docker", "pull", "--quiet", image], cancellationToken);
            if (pulled != 0)
                throw Fault(
                    $"Docker could not get the image '{image}': {words.Trim()}",
                    "Load it by hand, or install PostgreSQL's server programs."
                );
        }
        var lines = new Dictionary<string, string>(PostgresSettings.Ours);
        foreach (var (name, value) in settings)
            lines[name] = value;
        string[] create =
        [
            "docker",
            "create",
            "--name",
            _name,
            "--label",
            Label,
            "--publish",
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:5432"),
            "--env",
            "POSTGRES_PASSWORD",
            image,
            .. lines.SelectMany(line => new[] { "-c", $"{line.Key}={line.Value}" }),
        ];
        _remover = LineProcess.Start(
            ["bash", "-c", Remover, "remover", _name],
            Environment,
            "/",
            static (_, _) => { },
            time
        );
        // Not cancelled: the engine would continue, and create a container after its removal.
        var (code, output) = await ProgramRun.Async(
            create,
            new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = password },
            CancellationToken.None
        );
        if (code != 0)
            throw Fault($"Docker could not make a container of '{image}': {output.Trim()}", "See its output.");
    }

    /// <summary>
    /// The engine is asked: the client passes a QUIT on, but an INT ends only the client and leaves the server running.
    /// </summary>
    public async Task StopAsync(GuardedProcess process, bool immediate)
    {
        if (process.HasExited)
            return;
        await ProgramRun.Async(
            ["docker", "kill", "--signal", immediate ? "QUIT" : "INT", _name],
            CancellationToken.None
        );
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopLimit, time);
        }
        catch (TimeoutException)
        {
            await ProgramRun.Async(["docker", "kill", _name], CancellationToken.None);
            await process.EndAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_remover is not { } remover)
            return;
        remover.EndInput();
        if (!await remover.WaitForExitAsync(RemoveLimit))
            await remover.KillAsync();
        remover.Dispose();
        _remover = null;
    }

    /// <summary>Removes our containers whose server has ended with nobody left to remove them.</summary>
    private static async Task SweepAsync(CancellationToken cancellationToken)
    {
        var (code, output) = await ProgramRun.Async(
            ["docker", "ps", "--all", "--quiet", "--filter", $"label={Label}", "--filter", "status=exited"],
            cancellationToken
        );
        var left = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (code == 0 && left.Length > 0)
            await ProgramRun.Async(["docker", "rm", "--force", "--volumes", .. left], cancellationToken);
    }

    private static FaultException Fault(string problem, string wayOut) => new(new Fault("PostgreSQL", problem, wayOut));
}
