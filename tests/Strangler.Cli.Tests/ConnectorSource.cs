using System.Text.Json;
using Npgsql;
using Strangler.Testing;
using Xunit;

namespace Strangler.Cli.Tests;

/// <summary>A legacy database of a test, and the connector's file that names it.</summary>
internal sealed class ConnectorSource : IAsyncDisposable
{
    private ConnectorSource(string folder, string connectionString) =>
        (Folder, Data) = (folder, NpgsqlDataSource.Create(connectionString));

    public string Folder { get; }

    public NpgsqlDataSource Data { get; }

    public string Slot { get; private init; } = "";

    public static async Task<ConnectorSource> CreateAsync(
        PostgresFixture postgres,
        string sql,
        params IEnumerable<(string Name, string Value)> properties
    )
    {
        var connection = await postgres.CreateDatabaseAsync("connector");
        var builder = new NpgsqlConnectionStringBuilder(connection);
        var source = new ConnectorSource(Directory.CreateTempSubdirectory("strangler-cli-").FullName, connection)
        {
            Slot = $"slot_{builder.Database}",
        };
        var file = new Dictionary<string, string?>
        {
            ["connector.class"] = "io.debezium.connector.postgresql.PostgresConnector",
            ["plugin.name"] = "pgoutput",
            ["topic.prefix"] = "shop",
            ["database.hostname"] = builder.Host,
            ["database.port"] = $"{builder.Port}",
            ["database.user"] = builder.Username,
            ["database.password"] = builder.Password,
            ["database.dbname"] = builder.Database,
            ["slot.name"] = source.Slot,
            ["publication.autocreate.mode"] = "filtered",
        };
        foreach (var (name, value) in properties)
            file[name] = value;
        await File.WriteAllTextAsync(
            Path.Combine(source.Folder, "connector.json"),
            JsonSerializer.Serialize(file),
            TestContext.Current.CancellationToken
        );
        await source.ExecuteAsync(sql);
        return source;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whether slot and publication exist.</summary>
    public async Task<(bool Slot, bool Publication)> ExistAsync() =>
        (
            await IsAsync($"select exists (select from pg_replication_slots where slot_name = '{Slot}')"),
            await IsAsync("select exists (select from pg_publication)")
        );

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(
            $"""
            select pg_drop_replication_slot(slot_name) from pg_replication_slots
            where slot_name = '{Slot}' and not active
            """
        );
        await Data.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<bool> IsAsync(string sql)
    {
        await using var command = Data.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
