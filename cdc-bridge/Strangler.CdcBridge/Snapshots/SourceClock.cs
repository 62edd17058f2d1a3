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
}
