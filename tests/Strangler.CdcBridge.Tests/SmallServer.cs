using Strangler.Demo.Postgres;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A class's own server with room for two slots and three walsenders: as many as one bridge needs.</summary>
public sealed class SmallServer(PostgresFixture postgres) : IAsyncLifetime
{
    private PostgresServer? _server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async Task<string> CreateDatabaseAsync(string name)
    {
        _ = postgres.Server; // skips, with the reason, where there are no server programs
        var settings = new Dictionary<string, string> { ["max_replication_slots"] = "2", ["max_wal_senders"] = "3" };
        _server ??= await PostgresServer.StartAsync(
            PostgresPrograms.Find()!,
            settings,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        return await _server.CreateDatabaseAsync(name, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
