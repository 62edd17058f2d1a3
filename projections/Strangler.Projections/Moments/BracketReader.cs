using Npgsql;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>
/// The versions of the mirror that hold at some moment of a bracket: begun before L1, not ended before L0, and not within one transaction, where nobody else ever saw them. A limit of one more than may be held makes too many known
/// without reading them all.
/// </summary>
internal sealed class BracketReader(StoreSession session, Bracket bracket) : IVersionReader
{
    public Task<IReadOnlyList<BracketVersion>> ByLinkAsync(MirrorTable table, int slot, IReadOnlyCollection<string> values, int limit, CancellationToken cancellationToken) =>
        ReadAsync(table, $"l{slot} = any($5) and", [values.ToArray()], limit, cancellationToken);

    public Task<IReadOnlyList<BracketVersion>> AllAsync(MirrorTable table, int limit, CancellationToken cancellationToken) => ReadAsync(table, "", [], limit, cancellationToken);

    private async Task<IReadOnlyList<BracketVersion>> ReadAsync(MirrorTable table, string where, object?[] values, int limit, CancellationToken cancellationToken)
    {
        var versions = new List<BracketVersion>();
        await foreach (var row in session.QueryAsync($"""
            (select pk, row, epoch, commit, ordinal{table.LinkList()}, to_epoch, to_commit, to_ordinal from {table.History}
            where {where} (epoch, commit) < ($1, $2) and (to_epoch, to_commit) >= ($1, $3) and (epoch, commit) < (to_epoch, to_commit) limit $4)
            union all
            (select pk, row, epoch, commit, ordinal{table.LinkList()}, null, null, null from {table.Current}
            where {where} row is not null and (epoch, commit) < ($1, $2) limit $4)
            """, [bracket.Epoch, bracket.To.Sql(), bracket.From.Sql(), limit, .. values], cancellationToken)) versions.Add(Version(row, table));
        return versions;
    }

    /// <summary>A version from the columns of <see cref="CurrentMirror.Version"/> and its end behind them.</summary>
    public static BracketVersion Version(NpgsqlDataReader row, MirrorTable table) =>
        new(CurrentMirror.Version(row, table), row.IsDBNull(5 + table.Slots) ? null : row.Position(5 + table.Slots));
}
