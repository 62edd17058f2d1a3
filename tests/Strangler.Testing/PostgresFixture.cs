using Strangler.Demo.Postgres;
using Xunit;

namespace Strangler.Testing;

/// <summary>One PostgreSQL cluster for the tests of an assembly (<c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>); each test makes databases of its own in it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static int _databases;
    private PostgresServer? _server;

    /// <summary>The cluster. Skips the test, by name and with the reason, where PostgreSQL's server programs are not installed.</summary>
    public PostgresServer Server
    {
        get
        {
            if (_server is null) Assert.Skip("PostgreSQL's server programs are not on this machine: install Debian's 'postgresql' package, or name their folder in STRANGLER_POSTGRES.");
            return _server;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresPrograms.Find() is { } programs) _server = await PostgresServer.StartAsync(programs, null, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    /// <summary>A new, empty database of this cluster: the superuser's connection string.</summary>
    public Task<string> CreateDatabaseAsync(string name = "test") => Server.CreateDatabaseAsync($"{name}_{Interlocked.Increment(ref _databases)}", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
