using Dapper;
using Npgsql;
using Strangler.Foundation.Faults;

namespace Strangler.Foundation.Store;

/// <summary>
/// Brings the store's schemas to this program's version, by command only, and refuses a store of another version.
/// </summary>
public static class StoreMigration
{
    private const string Versions = """
        create table if not exists public.strangler_schema (
            room text primary key,
            version int not null,
            migrated_at timestamptz not null default now()
        )
        """;

    /// <summary>
    /// Runs the missing scripts of all rooms in one transaction. Concurrent migrations wait for each other.
    /// </summary>
    /// <returns>A line for each room: its old and new version.</returns>
    /// <exception cref="FaultException">A room in the store is newer than this program.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource store,
        IReadOnlyList<StoreSchema> rooms,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync("select pg_advisory_xact_lock(hashtext('strangler_schema'))");
        await ExecuteAsync(Versions);
        var found = await ReadAsync(connection, transaction, cancellationToken);
        var newer = rooms.Select(room => Newer(room, found.GetValueOrDefault(room.Room))).OfType<Fault>().ToList();
        if (newer.Count > 0)
            throw new FaultException(newer);

        var lines = new List<string>();
        foreach (var room in rooms)
        {
            var from = found.GetValueOrDefault(room.Room);
            foreach (var script in room.Scripts.Skip(from))
                await ExecuteAsync(script);
            await ExecuteAsync(
                "insert into public.strangler_schema (room, version) values (@Room, @Version) "
                    + "on conflict (room) do update set version = excluded.version, migrated_at = now() "
                    + "where strangler_schema.version <> excluded.version",
                new { room.Room, room.Version }
            );
            lines.Add(
                from == room.Version
                    ? $"{room.Room}: version {from}, nothing to do"
                    : $"{room.Room}: version {from} to {room.Version}"
            );
        }
        await transaction.CommitAsync(cancellationToken);
        return lines;

        Task<int> ExecuteAsync(string sql, object? values = null) =>
            connection.ExecuteAsync(
                new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken)
            );
    }

    /// <summary>What prevents using the store with this program; null if the versions are equal.</summary>
    public static async Task<Fault?> FaultAsync(
        NpgsqlDataSource store,
        StoreSchema room,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var exists = await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
                "select to_regclass('public.strangler_schema') is not null",
                cancellationToken: cancellationToken
            )
        );
        var version = exists ? (await ReadAsync(connection, null, cancellationToken)).GetValueOrDefault(room.Room) : 0;
        if (version < room.Version)
            return new Fault(
                "Store",
                $"The store's schema '{room.Room}' has version {version}, this program needs {room.Version}.",
                "Run 'strangler migrate'."
            );
        return Newer(room, version);
    }

    private static Fault? Newer(StoreSchema room, int version) =>
        version > room.Version
            ? new Fault(
                "Store",
                $"The store's schema '{room.Room}' has version {version}, "
                    + $"which is newer than the {room.Version} of this program.",
                "Use the newer program; a schema is never taken back."
            )
            : null;

    private static async Task<Dictionary<string, int>> ReadAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.QueryAsync<StoredVersion>(
                new CommandDefinition(
                    "select room, version from public.strangler_schema",
                    transaction: transaction,
                    cancellationToken: cancellationToken
                )
            )
        ).ToDictionary(row => row.Room, row => row.Version);

    private sealed record StoredVersion(string Room, int Version);
}
