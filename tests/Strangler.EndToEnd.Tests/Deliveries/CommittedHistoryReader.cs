using Npgsql;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>Asks the server what it holds.</summary>
internal static class CommittedHistoryReader
{
    /// <summary>Which of these transactions have committed, also if their clients were never told.</summary>
    public static async Task<IReadOnlySet<uint>> CommittedAsync(
        NpgsqlDataSource source,
        IReadOnlyCollection<uint> xids,
        CancellationToken cancellationToken
    )
    {
        // One that was never written down before a crash may be ahead of the server's.
        await using var command = source.CreateCommand(
            """
            select x from unnest(@xids) x
            where case when x < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                then pg_xact_status(x::text::xid8) = 'committed' end
            """
        );
        command.Parameters.AddWithValue("xids", xids.Select(xid => (long)xid).ToArray());
        var committed = new HashSet<uint>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            committed.Add((uint)reader.GetInt64(0));
        return committed;
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
