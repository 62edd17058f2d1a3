using Dapper;
using Npgsql;

namespace Shop.Hosting;

/// <summary>Shortcuts for reading and writing.</summary>
internal static class Sql
{
    static Sql() => SqlMapper.AddTypeHandler(new Days());

    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlDataSource database,
        string sql,
        object? values,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (
            await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))
        ).AsList();
    }

    /// <summary>Runs statements in one transaction; the delegate returns whether to commit.</summary>
    public static async Task<bool> WriteAsync(
        this NpgsqlDataSource database,
        Func<Write, Task<bool>> work,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var stays = await work(new(connection, transaction, cancellationToken));
        if (stays)
            await transaction.CommitAsync(cancellationToken);
        else
            await transaction.RollbackAsync(cancellationToken);
        return stays;
    }

    public static DateOnly Today(this TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    public static DateTime Now(this TimeProvider time) => time.GetUtcNow().UtcDateTime;

    /// <summary>Numbers and words as a query value: <c>1,2,3</c>.</summary>
    public static string List<T>(IEnumerable<T> values) => string.Join(',', values);

    public static int[] Numbers(string? list) =>
        [
            .. (list ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.TryParse(text, out var number) ? number : -1),
        ];

    internal sealed class Write(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        public Task<int> DoAsync(string sql, object values) =>
            connection.ExecuteAsync(
                new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken)
            );

        public Task<T?> OneAsync<T>(string sql, object values) =>
            connection.QueryFirstOrDefaultAsync<T>(
                new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken)
            );
    }

    private sealed class Days : SqlMapper.TypeHandler<DateOnly>
    {
        public override void SetValue(System.Data.IDbDataParameter parameter, DateOnly value) =>
            parameter.Value = value;

        public override DateOnly Parse(object value) =>
            value is DateOnly day ? day : DateOnly.FromDateTime((DateTime)value);
    }
}
