using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog;

/// <summary>The columns of a result that hold a position.</summary>
/// <param name="Epoch">The ordinal of the epoch's column.</param>
/// <param name="Commit">The ordinal of the commit's column.</param>
/// <param name="Ordinal">The ordinal of the column that holds the position's ordinal.</param>
public readonly record struct PositionColumns(int Epoch, int Commit, int Ordinal)
{
    /// <summary>Finds the columns by their names, once for all rows of the result.</summary>
    /// <param name="row">The result.</param>
    /// <param name="prefix">What the names begin with: <c>to_</c> for <c>to_epoch</c>.</param>
    /// <exception cref="IndexOutOfRangeException">The result doesn't have one of the columns.</exception>
    public static PositionColumns Of(NpgsqlDataReader row, string prefix = "") =>
        new(row.GetOrdinal(prefix + "epoch"), row.GetOrdinal(prefix + "commit"), row.GetOrdinal(prefix + "ordinal"));

    /// <summary>The row's position.</summary>
    public Position Read(NpgsqlDataReader row) =>
        new(
            row.GetInt32(Epoch),
            new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(Commit)),
            row.GetInt32(Ordinal)
        );

    /// <summary>The row's position; null if its columns are null.</summary>
    public Position? ReadOrNull(NpgsqlDataReader row) => row.IsDBNull(Epoch) ? null : Read(row);
}
