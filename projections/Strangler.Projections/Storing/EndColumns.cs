using Npgsql;
using NpgsqlTypes;
using Strangler.ChangeLog;

namespace Strangler.Projections.Storing;

/// <summary>The columns of a result that hold the end of a transaction: its epoch and its commit.</summary>
/// <param name="Epoch">The ordinal of the epoch's column.</param>
/// <param name="Commit">The ordinal of the commit's column.</param>
internal readonly record struct EndColumns(int Epoch, int Commit)
{
    /// <summary>Finds the columns by their names, once for all rows of the result.</summary>
    /// <param name="row">The result.</param>
    /// <param name="prefix">What the names begin with: <c>kept_</c> for <c>kept_epoch</c>.</param>
    public static EndColumns Of(NpgsqlDataReader row, string prefix) =>
        new(row.GetOrdinal(prefix + "epoch"), row.GetOrdinal(prefix + "commit"));

    public Position Read(NpgsqlDataReader row) =>
        Position.EndOf(row.GetInt32(Epoch), new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(Commit)));

    /// <summary>The row's position; null if its columns are null.</summary>
    public Position? ReadOrNull(NpgsqlDataReader row) => row.IsDBNull(Epoch) ? null : Read(row);
}
