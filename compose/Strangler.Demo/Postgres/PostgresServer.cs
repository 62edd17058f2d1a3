using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Postgres;

/// <summary>
/// A PostgreSQL cluster of our own, on a free loopback port, in a folder that goes with it. It never runs as root (as root we step down to the login <c>postgres</c>, else <c>nobody</c>), and it ends
/// with this process however that ends: a shell between us waits for the end of its standard input.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Guard = """
        "$@" 1>&2 & server=$!
        trap '' INT
        (while read -r word; do kill -s "$word" $server; done; kill -s INT $server) 
        wait $server
        """;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly PostgresPrograms _programs;
    private readonly string _folder;
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
    private readonly TimeProvider _time;
    private Process? _process;

    private PostgresServer(PostgresPrograms programs, string folder, int port, TimeProvider time) => (_programs, _folder, Port, _time) = (programs, folder, port, time);

    public int Port { get; }

    /// <summary>What the server has written to its log.</summary>
    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>The superuser's connection to a database.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Password = _password,
        Database = database,
        IncludeErrorDetail = true,
        MaxPoolSize = 40,
    }.ConnectionString;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="programs">The server programs.</param>
    /// <param name="settings">Lines of postgresql.conf beyond ours, which give logical decoding and trade safety against a crash of the whole machine for speed.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <exception cref="FaultException">The server does not start; its log is in the fault.</exception>
    public static async Task<PostgresServer> StartAsync(PostgresPrograms programs, IReadOnlyDictionary<string, string>? settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("strangler-postgres-").FullName;
        var server = new PostgresServer(programs, folder, FreePort(), time);
        try
        {
            await server.InitializeAsync(settings ?? new Dictionary<string, string>(), cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the cluster, after <see cref="StopAsync"/>, on the same port and data.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _process = Run("bash", ["-c", $"{Guard}", "postgres-guard", .. AsServerUser(), _programs["postgres"], "-D", Path.Combine(_folder, "data")], redirectInput: true);
        var log = _process.StandardError.BaseStream.CopyToAsync(File.Create(LogFile), CancellationToken.None).ContinueWith(static _ => { }, TaskScheduler.Default);
        var until = _time.GetUtcNow() + StartLimit;
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false, Timeout = 2 });
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!_process.HasExited && _time.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                await Task.WhenAny(log, Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken));
                throw new FaultException(new Fault("PostgreSQL", $"The server in '{_folder}' did not start: {await File.ReadAllTextAsync(LogFile, cancellationToken)}", "Look at the log above."), exception);
            }
        }
    }

    /// <summary>Stops the cluster: <c>fast</c> ends sessions and writes a checkpoint; <c>immediate</c> is a crash, after which the next start recovers.</summary>
    public async Task StopAsync(bool immediate, CancellationToken cancellationToken)
    {
        if (_process is null || _process.HasExited) return;
        await _process.StandardInput.WriteLineAsync((immediate ? "QUIT" : "INT").AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Makes a database and returns the superuser's connection to it.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false });
        await using var command = source.CreateCommand($"create database {Foundation.Postgres.SqlName.Quote(name)}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(immediate: true, CancellationToken.None);
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A loopback port that nothing listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task InitializeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var data = Path.Combine(_folder, "data");
        var passwordFile = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(passwordFile, _password, cancellationToken);
        if (Environment.IsPrivilegedProcess) await CheckAsync("chown", ["-R", ServerUser() + ":", _folder], cancellationToken);
        string[] options = ["-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale=C", "--no-sync"];
        var (program, rest) = AsServerUser() is [var first, .. var others] ? (first, (string[])[.. others, _programs["initdb"], .. options]) : (_programs["initdb"], options);
        await CheckAsync(program, rest, cancellationToken);
        var lines = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["wal_level"] = "logical",
            ["max_wal_senders"] = "40",
            ["max_replication_slots"] = "40",
            ["max_connections"] = "200",
            ["fsync"] = "off",
            ["shared_buffers"] = "128MB",
        };
        foreach (var (name, value) in settings) lines[name] = value;
        await File.AppendAllLinesAsync(Path.Combine(data, "postgresql.conf"), lines.Select(line => $"{line.Key} = '{line.Value}'"), cancellationToken);
    }

    /// <summary>The words before a server program that make it run as its own login; none where we are not root.</summary>
    private static string[] AsServerUser() => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={ServerUser()}", "--init-groups", $"--regid={(ServerUser() == "nobody" ? "nogroup" : "postgres")}", "--"] : [];

    private static string ServerUser() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static Process Run(string program, IReadOnlyList<string> arguments, bool redirectInput)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = !redirectInput, RedirectStandardInput = redirectInput, WorkingDirectory = "/" };
        return Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
    }

    private static async Task CheckAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Run(program, arguments, redirectInput: false);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0) throw new FaultException(new Fault("PostgreSQL", $"'{Path.GetFileName(program)}' failed: {errors}{await output}", "Look at its words above."));
    }
}
