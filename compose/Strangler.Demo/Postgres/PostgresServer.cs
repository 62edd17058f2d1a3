using System.Security.Cryptography;
using Npgsql;
using Strangler.Demo.Processes;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Postgres;

/// <summary>
/// Our own PostgreSQL cluster, on a free loopback port, whose data is deleted with it. It stops with this process,
/// however that ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly OwnFolder _folder = OwnFolder.Create("strangler-postgres-");
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
    private readonly ICluster _cluster;
    private readonly TimeProvider _time;
    private GuardedProcess? _process;
    private StreamWriter? _log;

    private PostgresServer(PostgresProvision provision, TimeProvider time)
    {
        _time = time;
        Port = FreePort.Take();
        _cluster = provision switch
        {
            PostgresProvision.Installed(var programs) => new InstalledCluster(programs, _folder.Path, Port, _password),
            PostgresProvision.Container(var image) => new ContainerCluster(image, Port, _password, time),
            _ => throw new ArgumentOutOfRangeException(nameof(provision)),
        };
    }

    public int Port { get; }

    /// <summary>The server's log file.</summary>
    public string LogFile => Path.Combine(_folder.Path, "log");

    /// <summary>The superuser's connection to a database.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Password = _password,
            Database = database,
            IncludeErrorDetail = true,
            MaxPoolSize = 40,
        }.ConnectionString;

    /// <summary>Creates a cluster with this machine's server programs and starts it.</summary>
    /// <inheritdoc
    ///     cref="StartAsync(PostgresProvision, IReadOnlyDictionary{string, string}?, TimeProvider, CancellationToken)"
    /// />
    public static Task<PostgresServer> StartAsync(
        PostgresPrograms programs,
        IReadOnlyDictionary<string, string>? settings,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => StartAsync(new PostgresProvision.Installed(programs), settings, time, cancellationToken);

    /// <summary>Creates a cluster and starts it.</summary>
    /// <param name="provision">How this machine provides a server.</param>
    /// <param name="settings">
    /// Lines of postgresql.conf in addition to ours, which enable logical decoding and trade safety against a crash of
    /// the whole machine for speed.
    /// </param>
    /// <param name="time">The clock for waiting.</param>
    /// <exception cref="FaultException">The server doesn't start; the fault contains its log.</exception>
    public static async Task<PostgresServer> StartAsync(
        PostgresProvision provision,
        IReadOnlyDictionary<string, string>? settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var server = new PostgresServer(provision, time);
        try
        {
            await server._cluster.InitializeAsync(settings ?? new Dictionary<string, string>(), cancellationToken);
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
        await EndLogAsync();
        var log = _log = new StreamWriter(LogFile, append: true) { AutoFlush = true };
        var process = _process = GuardedProcess.Start(
            _cluster.Command,
            _cluster.Environment,
            (_, line) => Write(log, line),
            _time,
            endSignal: "INT"
        );
        var until = _time.GetUtcNow() + StartLimit;
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false, Timeout = 2 }
        );
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (!process.HasExited && _time.GetUtcNow() < until)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                await _cluster.StopAsync(process, immediate: true); // this also completes its log
                await EndLogAsync();
                throw new FaultException(
                    new Fault(
                        "PostgreSQL",
                        $"The server did not start: {(await File.ReadAllTextAsync(LogFile, cancellationToken)).Trim()}",
                        "See its log above."
                    ),
                    exception
                );
            }
        }
    }

    /// <summary>
    /// Stops the cluster: <c>fast</c> ends sessions and writes a checkpoint; <c>immediate</c> is a crash, after which
    /// the next start recovers.
    /// </summary>
    public async Task StopAsync(bool immediate, CancellationToken cancellationToken)
    {
        if (_process is { } process)
            await _cluster.StopAsync(process, immediate).WaitAsync(cancellationToken);
    }

    /// <summary>Creates a database and returns the superuser's connection to it.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlDataSourceBuilder(ConnectionString());
        builder.ConnectionStringBuilder.Pooling = false;
        builder.ConfigureTypeLoading(static types => types.EnableTypeLoading(false));
        await using var source = builder.Build();
        // Files are copied faster than pages, and slots have nothing of it to read in the write-ahead log.
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var strategy = connection.PostgreSqlVersion.Major >= 15 ? " strategy file_copy" : "";
        await using var command = new NpgsqlCommand(
            $"create database {Foundation.Postgres.SqlName.Quote(name)}{strategy}",
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(immediate: true, CancellationToken.None);
        await EndLogAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    private static void Write(StreamWriter log, string line)
    {
        lock (log)
            log.WriteLine(line);
    }

    private async Task EndLogAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        if (_log is { } log)
            await log.DisposeAsync();
        (_process, _log) = (null, null);
    }
}
