using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Strangler.Projections.Storing;

/// <summary>
/// One connection to the store with one transaction, in which a batch does all its work. Rolled back unless committed.
/// </summary>
internal sealed class StoreSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private StoreSession(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public static Task<StoreSession> BeginAsync(NpgsqlDataSource store, CancellationToken cancellationToken) =>
        BeginAsync(store, repeatable: false, cancellationToken);

    /// <param name="store">The store.</param>
    /// <param name="repeatable">Whether all its queries see the same instant.</param>
    public static async Task<StoreSession> BeginAsync(
        NpgsqlDataSource store,
        bool repeatable,
        CancellationToken cancellationToken
    )
    {
        var connection = await store.OpenConnectionAsync(cancellationToken);
        try
        {
            return new StoreSession(
                connection,
                await connection.BeginTransactionAsync(
                    repeatable ? IsolationLevel.RepeatableRead : IsolationLevel.ReadCommitted,
                    cancellationToken
                )
            );
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

    /// <summary>Runs statements in one round trip and returns how many rows each of them changed.</summary>
    public async Task<IReadOnlyList<int>> ExecuteAsync(
        IReadOnlyList<Statement> statements,
        CancellationToken cancellationToken
    )
    {
        if (statements.Count == 0)
            return [];
        await using var batch = Batch(statements);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return [.. batch.BatchCommands.OfType<NpgsqlBatchCommand>().Select(command => (int)command.RecordsAffected)];
    }

    /// <summary>
    /// Runs queries in one round trip: under load, and over a network, round trips take most of the time.
    /// </summary>
    /// <param name="queries">The queries.</param>
    /// <param name="columns">
    /// Finds the columns of the query with this index by their names, once, and returns what reads a row of it.
    /// </param>
    /// <param name="max">The maximum number of rows read from all queries together.</param>
    /// <returns>The rows of each query, in their order; statements that aren't queries are left out.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<T>>> QueryAsync<T>(
        IReadOnlyList<Statement> queries,
        Func<NpgsqlDataReader, int, Func<NpgsqlDataReader, T>> columns,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (queries.Count == 0)
            return [];
        await using var batch = Batch(queries);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var results = new List<IReadOnlyList<T>>(queries.Count);
        do
        {
            var rows = new List<T>();
            var read = columns(reader, results.Count);
            results.Add(rows);
            for (; await reader.ReadAsync(cancellationToken); max--)
            {
                if (max <= 0)
                    return results;
                rows.Add(read(reader));
            }
        } while (await reader.NextResultAsync(cancellationToken));
        return results;
    }

    /// <summary>Runs a query with positional parameters, and yields its reader at each row.</summary>
    public async IAsyncEnumerable<NpgsqlDataReader> QueryAsync(
        string sql,
        object?[] values,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return reader;
    }

    /// <summary>
    /// The one column of a query, in its first row; default if there is no row or the value is null.
    /// </summary>
    public async Task<T?> ScalarAsync<T>(string sql, object?[] values, CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(sql, values, cancellationToken))
            return row.IsDBNull(0) ? default : row.GetFieldValue<T>(0);
        return default;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        return command;
    }

    private NpgsqlBatch Batch(IReadOnlyList<Statement> statements)
    {
        var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            foreach (var value in statement.Values)
                command.Parameters.Add(Parameter(value));
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    // Npgsql infers the type of every value that we pass except a position.
    private static NpgsqlParameter Parameter(object? value) =>
        value is NpgsqlLogSequenceNumber
            ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.PgLsn }
            : new NpgsqlParameter { Value = value ?? DBNull.Value };

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
