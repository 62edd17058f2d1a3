using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.Projections;

/// <summary>The columns of a watermark, found by name once for all rows of a result.</summary>
internal readonly record struct WatermarkColumns(int Source, PositionColumns Position, int At, int Verification)
{
    public static WatermarkColumns Of(NpgsqlDataReader row) =>
        new(row.GetOrdinal("source"), PositionColumns.Of(row), row.GetOrdinal("at"), row.GetOrdinal("verification"));

    /// <summary>The row's watermark; null if nothing has been applied.</summary>
    public Watermark? Read(NpgsqlDataReader row) =>
        row.ValueOrNull<DateTimeOffset>(At) is { } at
            ? new Watermark(row.GetString(Source), Position.Read(row), at)
            {
                Verification = row.TextOrNull(Verification) is { } text ? SourceVerification.Parse(text) : null,
            }
            : null;
}
