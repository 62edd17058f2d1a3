using Npgsql;
using Strangler.ChangeLog;

namespace Strangler.Projections.Storing;

/// <summary>The columns of keys and the commits that mapped to them, found by name once for all rows.</summary>
internal readonly record struct TouchedKeyColumns(int Key, EndColumns Touched)
{
    public static TouchedKeyColumns Of(NpgsqlDataReader row) =>
        new(row.GetOrdinal("key"), EndColumns.Of(row, "touched_"));

    public KeyValuePair<string, Position> Read(NpgsqlDataReader row) =>
        KeyValuePair.Create(row.GetString(Key), Touched.Read(row));
}
