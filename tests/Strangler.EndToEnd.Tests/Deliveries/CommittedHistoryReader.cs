using Npgsql;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>Asks the server what it holds.</summary>
internal static class CommittedHistoryReader
{
    /// <summary>The tokens of the transactions that have committed, also if their clients were never told.</summary>
    public static async Task<IReadOnlySet<long>> TokensAsync(
        NpgsqlDataSource source,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand("select token from told.transaction");
        var tokens = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            tokens.Add(reader.GetInt64(0));
        return tokens;
    }

    /// <summary>The rows of all tables, by topic and key.</summary>
    public static async Task<IReadOnlyDictionary<(string Topic, string Key), string>> RowsAsync(
        NpgsqlDataSource source,
        string prefix,
        IEnumerable<(string Table, string Key)> tables,
        CancellationToken cancellationToken
    )
    {
        var rows = new Dictionary<(string, string), string>();
        foreach (var (table, key) in tables)
        {
            await using var command = source.CreateCommand(
                $"select row_to_json(k)::text, row_to_json(t)::text from {table} t, lateral (select {Of(key)}) k"
            );
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(($"{prefix}.public.{table}", reader.GetString(0)), reader.GetString(1));
        }
        return rows;
    }

    private static string Of(string key) => string.Join(", ", key.Split(", ").Select(column => $"t.{column}"));
}
