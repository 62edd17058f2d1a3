using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Mirror;

/// <summary>The columns of a mirrored table's versions, found by name once for all rows of a result.</summary>
/// <param name="Links">The ordinals of the link columns, by slot.</param>
internal sealed record VersionColumns(int Pk, int Row, PositionColumns From, int[] Links)
{
    public static VersionColumns Of(NpgsqlDataReader row, MirrorTable table) =>
        new(
            row.GetOrdinal("pk"),
            row.GetOrdinal("row"),
            PositionColumns.Of(row),
            [.. table.LinkNames.Select(row.GetOrdinal)]
        );

    public RowVersion Read(NpgsqlDataReader row)
    {
        var links = new string?[Links.Length];
        for (var slot = 0; slot < links.Length; slot++)
            links[slot] = row.TextOrNull(Links[slot]);
        return new RowVersion(row.GetString(Pk), row.TextOrNull(Row), From.Read(row), links);
    }
}
