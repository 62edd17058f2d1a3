using System.Globalization;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Postgres;

/// <summary>A cluster in a container of Docker's, its data in a volume that outlives a stop and goes with us.</summary>
internal sealed class ContainerCluster(string image, int port, string password) : ICluster
{
    private readonly string _name = $"strangler-postgres-{port}";
    private IReadOnlyList<string> _settings = [];

    // Without a terminal the client passes INT and QUIT on to the server (docker run, --sig-proxy).
    public IReadOnlyList<string> Command =>
    [
        "docker", "run", "--rm", "--name", _name, "--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:5432"), "--volume", $"{_name}:/var/lib/postgresql/data",
        "--env", "POSTGRES_PASSWORD", image, .. _settings.SelectMany(setting => new[] { "-c", setting }),
    ];

    public IReadOnlyDictionary<string, string?> Environment { get; } = new Dictionary<string, string?> { ["POSTGRES_PASSWORD"] = password };

    public async Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var lines = new Dictionary<string, string>(PostgresSettings.Ours);
        foreach (var (name, value) in settings) lines[name] = value;
        _settings = [.. lines.Select(line => $"{line.Key}={line.Value}")];
        if (await ProgramRun.Async(["docker", "image", "inspect", image], cancellationToken) is (0, _)) return;
        var (code, output) = await ProgramRun.Async(["docker", "pull", "--quiet", image], cancellationToken);
        if (code != 0) throw new FaultException(new Fault("PostgreSQL", $"Docker could not get the image '{image}': {output}", "Load it by hand, or install PostgreSQL's server programs."));
    }

    public async ValueTask DisposeAsync()
    {
        await ProgramRun.Async(["docker", "rm", "--force", _name], CancellationToken.None);
        await ProgramRun.Async(["docker", "volume", "rm", "--force", _name], CancellationToken.None);
    }
}
