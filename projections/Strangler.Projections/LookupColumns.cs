using Npgsql;
using Strangler.Foundation.Postgres;
using Strangler.Projections.Answering;
using Strangler.Projections.Storing;

namespace Strangler.Projections;

/// <summary>The columns of a look-up, found by name once for all its keys.</summary>
internal readonly record struct LookupColumns(
    WatermarkColumns Watermark,
    int State,
    int Version,
    int InDoubt,
    int Bytes,
    int AskLegacy,
    EndColumns Touched,
    int RecomputeAt,
    int ComputedFor,
    int Quarantined,
    int Dirty,
    int Clock
)
{
    public static LookupColumns Of(NpgsqlDataReader row) =>
        new(
            WatermarkColumns.Of(row),
            row.GetOrdinal("state"),
            row.GetOrdinal("version"),
            row.GetOrdinal("in_doubt"),
            row.GetOrdinal("bytes"),
            row.GetOrdinal("ask_legacy"),
            EndColumns.Of(row, "touched_"),
            row.GetOrdinal("recompute_at"),
            row.GetOrdinal("computed_for"),
            row.GetOrdinal("quarantined"),
            row.GetOrdinal("dirty"),
            row.GetOrdinal("clock")
        );

    /// <summary>The build, which is the same in every row.</summary>
    /// <param name="isApplied">Whether anything has been applied from its source.</param>
    /// <param name="isDistrusted">Whether the source's history may differ from the log's.</param>
    public StoredBuild Build(NpgsqlDataReader row, bool isApplied, bool isDistrusted) =>
        new(
            true,
            isApplied,
            row.GetString(State) == "stopped",
            row.GetString(Version),
            row.GetBoolean(InDoubt) || isDistrusted
        );

    /// <summary>The row's key.</summary>
    public StoredKey Key(NpgsqlDataReader row) =>
        new(
            row.BytesOrNull(Bytes),
            Touched.ReadOrNull(row),
            row.ValueOrNull<DateTimeOffset>(RecomputeAt),
            row.ValueOrNull<DateTimeOffset>(ComputedFor),
            row.GetBoolean(Quarantined),
            row.GetBoolean(Dirty)
        )
        {
            LegacyReason = row.IsDBNull(AskLegacy) ? null : row.GetString(AskLegacy),
        };
}
