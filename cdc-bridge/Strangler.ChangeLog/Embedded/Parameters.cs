using Npgsql;
using NpgsqlTypes;
using Strangler.Foundation.Postgres;

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

    public static Lsn? LsnOrNull(this NpgsqlDataReader row, string column) =>
        row.ValueOrNull<NpgsqlLogSequenceNumber>(column) is { } lsn ? new Lsn((ulong)lsn) : null;
}
