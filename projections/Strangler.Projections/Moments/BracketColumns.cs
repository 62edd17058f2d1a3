using Npgsql;
using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>The columns of versions and of their ends, found by name once for all rows of a result.</summary>
internal sealed record BracketColumns(VersionColumns Version, PositionColumns To)
{
    public static BracketColumns Of(NpgsqlDataReader row, MirrorTable table) =>
        new(VersionColumns.Of(row, table), PositionColumns.Of(row, "to_"));

    public BracketVersion Read(NpgsqlDataReader row) => new(Version.Read(row), To.ReadOrNull(row));
}
