using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Strangler.ChangeLog;

namespace Strangler.Projections.Mirror;

/// <summary>One connection to the store with one transaction: what a batch does, it does here. Rolled back unless committed.</summary>
internal sealed class StoreSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private StoreSession(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static Task<StoreSession> BeginAsync(NpgsqlDataSource store, CancellationToken cancellationToken) => BeginAsync(store, repeatable: false, cancellationToken);

    /// <param name="store">The store.</param>
    /// <param name="repeatable">Whether all of its queries see one instant.</param>
    public static async Task<StoreSession> BeginAsync(NpgsqlDataSource store, bool repeatable, CancellationToken cancellationToken)
    {
        var connection = await store.OpenConnectionAsync(cancellationToken);
        try
        {
            return new StoreSession(connection, await connection.BeginTransactionAsync(repeatable ? IsolationLevel.RepeatableRead : IsolationLevel.ReadCommitted, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    /// <summary>Runs a statement with positional parameters and returns how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query with positional parameters and yields its reader at each row.</summary>
    public async IAsyncEnumerable<NpgsqlDataReader> QueryAsync(string sql, object?[] values, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) yield return reader;
    }

    /// <summary>The first column of the first row; default if there is none or it is null.</summary>
    public async Task<T?> ScalarAsync<T>(string sql, object?[] values, CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(sql, values, cancellationToken)) return row.IsDBNull(0) ? default : row.GetFieldValue<T>(0);
        return default;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values)
        {
            // Npgsql finds the type of every value that we give but this one.
            command.Parameters.Add(value is NpgsqlLogSequenceNumber ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.PgLsn } : new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
        return command;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

/// <summary>Positions as the store holds them.</summary>
internal static class StorePosition
{
    public static NpgsqlLogSequenceNumber Sql(this Lsn lsn) => new(lsn.Value);

    /// <summary>The position in three columns from <paramref name="column"/> on.</summary>
    public static Position Position(this NpgsqlDataReader reader, int column) =>
        new(reader.GetInt32(column), reader.Commit(column + 1), reader.GetInt32(column + 2));

    /// <summary>The end of a transaction in two columns from <paramref name="column"/> on.</summary>
    public static Position End(this NpgsqlDataReader reader, int column) => ChangeLog.Position.EndOf(reader.GetInt32(column), reader.Commit(column + 1));

    private static Lsn Commit(this NpgsqlDataReader reader, int column) => new((ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(column));
}
