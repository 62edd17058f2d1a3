using Strangler.Demo.Postgres;
using Xunit;

namespace Strangler.Testing;

/// <summary>
/// One PostgreSQL cluster for the tests of an assembly (<c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>);
/// each test creates its own databases in it. It uses this machine's server programs, or else a container if Docker
/// answers; <c>STRANGLER_POSTGRES=docker</c> selects the container.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private const string Programs =
        "install Debian's 'postgresql' package, or name the folder of the server programs in STRANGLER_POSTGRES.";

    // Hundreds of databases, each of which lives for seconds.
    private static readonly Dictionary<string, string> Settings = new() { ["autovacuum"] = "off" };

    private static int _databases;
    private PostgresServer? _server;
    private PostgresContainer? _container;

    /// <summary>
    /// The cluster of this machine's server programs, for a test that needs these. Skips the test, by name and with the
    /// reason, if none exist.
    /// </summary>
    public PostgresServer Server
    {
        get
        {
            if (_server is null)
                Assert.Skip(
                    _container is null
                        ? Absent
                        : $"This test needs PostgreSQL's server programs, and the tests use a container: {Programs}"
                );
            return _server;
        }
    }

    private static string Absent =>
        $"PostgreSQL's server programs are not on this machine, and no Docker engine answers: {Programs}";

    public async ValueTask InitializeAsync()
    {
        if (PostgresPrograms.Find() is { } programs)
            _server = await PostgresServer.StartAsync(
                programs,
                Settings,
                TimeProvider.System,
                TestContext.Current.CancellationToken
            );
        else if (PostgresPrograms.Named is null or PostgresPrograms.Docker)
            _container = await PostgresContainer.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The superuser's connection to a database. Skips the test if no cluster is available.</summary>
    public string ConnectionString(string database = "postgres")
    {
        if (_server is null && _container is null)
            Assert.Skip(Absent);
        return _server?.ConnectionString(database) ?? _container!.ConnectionString(database);
    }

    /// <summary>A new, empty database of this cluster: the superuser's connection string.</summary>
    public Task<string> CreateDatabaseAsync(string name = "test")
    {
        if (_server is null && _container is null)
            Assert.Skip(Absent);
        var (database, cancellationToken) = (
            $"{name}_{Interlocked.Increment(ref _databases)}",
            TestContext.Current.CancellationToken
        );
        return _server?.CreateDatabaseAsync(database, cancellationToken)
            ?? _container!.CreateDatabaseAsync(database, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_container is not null)
            await _container.DisposeAsync();
    }
}
