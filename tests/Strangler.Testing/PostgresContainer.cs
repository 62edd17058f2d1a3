using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Foundation.Postgres;
using Testcontainers.PostgreSql;

namespace Strangler.Testing;

/// <summary>
/// A PostgreSQL server in a container, by Testcontainers, configured like all our servers: with logical decoding. If
/// the tests are killed, Testcontainers' own reaper removes it.
/// </summary>
public sealed class PostgresContainer : IAsyncDisposable
{
    // The image may have to be pulled from a registry first.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);

    private readonly PostgreSqlContainer _container;

    private PostgresContainer(PostgreSqlContainer container) => _container = container;

    /// <summary>Starts one; null if no Docker engine answers.</summary>
    public static async Task<PostgresContainer?> StartAsync(CancellationToken cancellationToken)
    {
        PostgreSqlContainer container;
        try
        {
            container = new PostgreSqlBuilder(PostgresProvision.DefaultImage)
                .WithUsername("postgres")
                .WithDatabase("postgres")
                .WithCommand([
                    .. PostgresSettings.Ours.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
                ])
                .WithLogger(NullLogger.Instance)
                .Build();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            await container.StartAsync(limit.Token);
            return new(container);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>The superuser's connection to a database.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder(_container.GetConnectionString())
        {
            Database = database,
            IncludeErrorDetail = true,
            MaxPoolSize = 40,
        }.ConnectionString;

    /// <summary>Creates a database and returns the superuser's connection to it.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ConnectionString()) { Pooling = false }
        );
        await using var command = source.CreateCommand($"create database {SqlName.Quote(name)}");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
