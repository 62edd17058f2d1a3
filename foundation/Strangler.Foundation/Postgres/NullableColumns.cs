using Npgsql;

namespace Strangler.Foundation.Postgres;

/// <summary>
/// Reads columns that may be null: by name where a result has one row, and where it may have many by an ordinal that
/// was found by name once.
/// </summary>
public static class NullableColumns
{
    /// <summary>The column's value; null if it is null.</summary>
    public static T? ValueOrNull<T>(this NpgsqlDataReader row, int column)
        where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    /// <inheritdoc cref="ValueOrNull{T}(NpgsqlDataReader, int)"/>
    /// <exception cref="IndexOutOfRangeException">The result has no such column.</exception>
    public static T? ValueOrNull<T>(this NpgsqlDataReader row, string column)
        where T : struct => row.ValueOrNull<T>(row.GetOrdinal(column));

    /// <summary>The column's text; null if it is null.</summary>
    public static string? TextOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    /// <inheritdoc cref="TextOrNull(NpgsqlDataReader, int)"/>
    /// <exception cref="IndexOutOfRangeException">The result has no such column.</exception>
    public static string? TextOrNull(this NpgsqlDataReader row, string column) =>
        row.TextOrNull(row.GetOrdinal(column));

    /// <summary>The column's bytes; null if it is null.</summary>
    public static byte[]? BytesOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    /// <inheritdoc cref="BytesOrNull(NpgsqlDataReader, int)"/>
    /// <exception cref="IndexOutOfRangeException">The result has no such column.</exception>
    public static byte[]? BytesOrNull(this NpgsqlDataReader row, string column) =>
        row.BytesOrNull(row.GetOrdinal(column));
}
