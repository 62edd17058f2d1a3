using System.Globalization;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Postgres;

/// <summary>
/// A cluster in a folder, with this machine's server programs. PostgreSQL refuses to run as root: if we are root, it
/// runs as <c>postgres</c>, or else <c>nobody</c>.
/// </summary>
internal sealed class InstalledCluster(PostgresPrograms programs, string folder, int port, string password) : ICluster
{
    private readonly string _data = Path.Combine(folder, "data");

    public IReadOnlyList<string> Command => [.. AsServerUser(), programs["postgres"], "-D", _data];

    // Sessions live for seconds: without this, glibc's heap grows by pages in each and shrinks after each statement.
    public IReadOnlyDictionary<string, string?> Environment { get; } =
        new Dictionary<string, string?>
        {
            ["GLIBC_TUNABLES"] =
                "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=4194304:glibc.malloc.trim_threshold=67108864:"
                + "glibc.malloc.mmap_threshold=33554432",
        };

    public async Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        if (System.Environment.IsPrivilegedProcess)
            await CheckAsync(["chown", "-R", ServerUser() + ":", folder], cancellationToken);
        await CheckAsync(
            [
                .. AsServerUser(),
                programs["initdb"],
                "-D",
                _data,
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile",
                passwordFile,
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            cancellationToken
        );
        var lines = new Dictionary<string, string>(PostgresSettings.Ours)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
        };
        foreach (var (name, value) in settings)
            lines[name] = value;
        await File.AppendAllLinesAsync(
            Path.Combine(_data, "postgresql.conf"),
            lines.Select(line => $"{line.Key} = '{line.Value}'"),
            cancellationToken
        );
    }

    public Task StopAsync(GuardedProcess process, bool immediate) => process.EndAsync(immediate ? "QUIT" : "INT");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask; // the folder is deleted with the server

    /// <summary>The prefix for a server program that makes it run as its own login; empty if we are not root.</summary>
    private static string[] AsServerUser() =>
        System.Environment.IsPrivilegedProcess
            ?
            [
                "setpriv",
                $"--reuid={ServerUser()}",
                "--init-groups",
                $"--regid={(ServerUser() == "nobody" ? "nogroup" : "postgres")}",
                "--",
            ]
            : [];

    private static string ServerUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
            : "nobody";

    private static async Task CheckAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var (code, output) = await ProgramRun.Async(command, cancellationToken);
        if (code != 0)
            throw new FaultException(
                new Fault(
                    "PostgreSQL",
                    $"'{string.Join(' ', command.Take(1))}' failed: {output}",
                    "See its output above."
                )
            );
    }
}
