using Dapper;
using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.Foundation.Store;

/// <summary>Whether a part's own login can do the part's work in the store.</summary>
public static class StoreLogin
{
    private const int MaxNamed = 3;

    /// <summary>Partitions are written through their parent tables.</summary>
    private const string Refused = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any(@Rooms) and c.relkind in ('r', 'p') and not c.relispartition
            and not (
                has_schema_privilege(n.oid, 'usage')
                and has_table_privilege(c.oid, 'select')
                and has_table_privilege(c.oid, 'insert')
                and has_table_privilege(c.oid, 'update')
                and has_table_privilege(c.oid, 'delete')
            )
        order by 1
        """;

    /// <summary>
    /// What prevents it; null: the server accepts the login, and it may write the existing tables. Changes nothing.
    /// </summary>
    /// <param name="path">Where the configuration names it.</param>
    /// <param name="connectionString">The configured value.</param>
    /// <param name="rooms">The rooms whose tables its part writes.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public static async Task<Fault?> FaultAsync(
        string path,
        string connectionString,
        IReadOnlyList<StoreSchema> rooms,
        CancellationToken cancellationToken
    )
    {
        if (ConnectionText.FaultOf(path, connectionString) is { } unreadable)
            return unreadable;
        try
        {
            await using var store = NpgsqlDataSource.Create(connectionString);
            await using var connection = await store.OpenConnectionAsync(cancellationToken);
            var names = rooms.Select(room => room.Room).ToArray();
            var refused = await connection.QueryAsync<string>(
                new CommandDefinition(Refused, new { Rooms = names }, cancellationToken: cancellationToken)
            );
            return Of(path, connection.UserName, [.. refused]);
        }
        catch (NpgsqlException exception) when (DatabaseFault.Of(exception, path, connectionString) is { } fault)
        {
            return fault;
        }
    }

    private static Fault? Of(string path, string? login, IReadOnlyList<string> tables)
    {
        if (tables.Count == 0)
            return null;
        var more = tables.Count > MaxNamed ? $" and {tables.Count - MaxNamed} more tables" : "";
        return new Fault(
            path,
            $"The login '{login}' may not write {string.Join(", ", tables.Take(MaxNamed))}{more}.",
            "Run 'compose/store-rights.sql' as the login of Store:ConnectionString, after each 'strangler migrate' too."
        );
    }
}
