using Npgsql;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>The source server's clock.</summary>
internal static class SourceClock
{
    public static async Task<DateTimeOffset> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>The id of a transaction that changes nothing, as Debezium's snapshots name one.</summary>
    public static async Task<uint> TransactionAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select pg_current_xact_id()::text");
        return (uint)
            ulong.Parse(
                (string)(await command.ExecuteScalarAsync(cancellationToken))!,
                System.Globalization.CultureInfo.InvariantCulture
            );
    }
}
