using Npgsql;
using NpgsqlTypes;
using Strangler.ChangeLog;

namespace Strangler.Projections.Storing;

/// <summary>Reads positions as the store holds them.</summary>
internal static class StorePosition
{
    public static NpgsqlLogSequenceNumber Sql(this Lsn lsn) => new(lsn.Value);

    /// <summary>The position in three columns from <paramref name="column"/> on.</summary>
    public static Position Position(this NpgsqlDataReader reader, int column) =>
        new(reader.GetInt32(column), reader.Commit(column + 1), reader.GetInt32(column + 2));

    /// <summary>The end of a transaction in two columns from <paramref name="column"/> on.</summary>
    public static Position End(this NpgsqlDataReader reader, int column) =>
        ChangeLog.Position.EndOf(reader.GetInt32(column), reader.Commit(column + 1));

    private static Lsn Commit(this NpgsqlDataReader reader, int column) =>
        new((ulong)reader.GetFieldValue<NpgsqlLogSequenceNumber>(column));
}
