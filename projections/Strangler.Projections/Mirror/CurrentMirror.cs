using Npgsql;

namespace Strangler.Projections.Mirror;

/// <summary>The mirror as it is in the session's transaction.</summary>
internal sealed class CurrentMirror(StoreSession session) : IMirrorReader
{
    public Task<IReadOnlyList<RowVersion>> ByLinkAsync(MirrorTable table, int slot, IReadOnlyCollection<string> values, CancellationToken cancellationToken) =>
        ReadAsync(table, $"row is not null and l{slot} = any($1)", [values as string[] ?? [.. values]], cancellationToken);

    public Task<IReadOnlyList<RowVersion>> AllAsync(MirrorTable table, CancellationToken cancellationToken) => ReadAsync(table, "row is not null", [], cancellationToken);

    /// <summary>What stands for primary keys, tombstones included.</summary>
    public Task<IReadOnlyList<RowVersion>> ByPkAsync(MirrorTable table, IReadOnlyCollection<string> pks, CancellationToken cancellationToken) =>
        ReadAsync(table, "pk = any($1)", [pks as string[] ?? [.. pks]], cancellationToken);

    private async Task<IReadOnlyList<RowVersion>> ReadAsync(MirrorTable table, string where, object?[] values, CancellationToken cancellationToken)
    {
        var rows = new List<RowVersion>();
        await foreach (var row in session.QueryAsync($"select pk, row, epoch, commit, ordinal{table.LinkList()} from {table.Current} where {where}", values, cancellationToken)) rows.Add(Version(row, table));
        return rows;
    }

    /// <summary>A version from the columns pk, row, position, links.</summary>
    public static RowVersion Version(NpgsqlDataReader row, MirrorTable table)
    {
        var links = new string?[table.Slots];
        for (var slot = 0; slot < links.Length; slot++) links[slot] = row.IsDBNull(5 + slot) ? null : row.GetString(5 + slot);
        return new RowVersion(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.Position(2), links);
    }
}
