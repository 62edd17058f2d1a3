using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// The log's types as parameters and columns. An LSN is PostgreSQL's <c>pg_lsn</c>, which compares as the unsigned
/// number that it is.
/// </summary>
internal static class Parameters
{
    public static NpgsqlParameterCollection With(
        this NpgsqlParameterCollection parameters,
        object? value,
        NpgsqlDbType type
    )
    {
        parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return parameters;
    }

    /// <summary>
    /// An array, by the name of its element type: Npgsql doesn't have an enum value for every array type.
    /// </summary>
    public static NpgsqlParameterCollection WithArray<T>(
        this NpgsqlParameterCollection parameters,
        T[] values,
        string type
    )
    {
        parameters.Add(new NpgsqlParameter { Value = values, DataTypeName = type + "[]" });
        return parameters;
    }

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, string value) =>
        parameters.With(value, NpgsqlDbType.Text);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, int value) =>
        parameters.With(value, NpgsqlDbType.Integer);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, long value) =>
        parameters.With(value, NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, DateTimeOffset? value) =>
        parameters.With(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    /// <summary>Three parameters: epoch, commit, ordinal.</summary>
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, Position? position) =>
        parameters
            .With(position?.Epoch, NpgsqlDbType.Integer)
            .With(position is { } at ? Number(at.Commit) : null, NpgsqlDbType.PgLsn)
            .With(position?.Ordinal, NpgsqlDbType.Integer);

    public static NpgsqlLogSequenceNumber Number(Lsn lsn) => new(lsn.Value);

    /// <summary>The position in three columns starting at <paramref name="column"/>; null if they are null.</summary>
    public static Position? PositionAt(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column)
            ? null
            : new Position(
                row.GetInt32(column),
                new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(column + 1)),
                row.GetInt32(column + 2)
            );

    public static Lsn? LsnAt(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new Lsn((ulong)row.GetFieldValue<NpgsqlLogSequenceNumber>(column));

    public static DateTimeOffset? TimeAt(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    public static byte[]? BytesAt(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
