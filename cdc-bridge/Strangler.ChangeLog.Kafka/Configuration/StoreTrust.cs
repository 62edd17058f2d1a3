using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>
/// Whether the log may be answered from, written where those who answer read it in the same statement as the documents:
/// in the store, as the embedded log does. An earlier appender changes nothing after a later one.
/// </summary>
internal sealed class StoreTrust(NpgsqlDataSource store)
{
    /// <summary>
    /// The greatest token that the store has recorded, 0 if none: an appender above it is the later one, also if the
    /// topic was created again, or if the log was the embedded one before.
    /// </summary>
    public async Task<long> LastAppenderAsync(string source, CancellationToken cancellationToken)
    {
        const string sql = """
            select coalesce(greatest(
                (select appender from log.trust where source = $1),
                (select appender from log.source where name = $1)
            ), 0)
            """;
        await using var command = store.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// An appender has opened: the end's epoch isn't trusted. A log that has no end yet may follow one that was
    /// trusted.
    /// </summary>
    public Task DoubtAsync(string source, long appender, Position? end, CancellationToken cancellationToken) =>
        WriteAsync(source, (end?.Epoch ?? 0) + 1, null, appender, cancellationToken);

    /// <summary>The appender has compared the source's history up to the end.</summary>
    public Task TrustAsync(
        string source,
        long appender,
        Position? end,
        string server,
        CancellationToken cancellationToken
    ) => end is { } known ? WriteAsync(source, known.Epoch, server, appender, cancellationToken) : Task.CompletedTask;

    private async Task WriteAsync(
        string source,
        int epoch,
        string? server,
        long appender,
        CancellationToken cancellationToken
    )
    {
        const string sql = """
            insert into log.trust as t (source, epoch, server, appender) values ($1, $2, $3, $4)
            on conflict (source) do update set
                epoch = excluded.epoch, server = excluded.server, appender = excluded.appender
            where coalesce(t.appender, 0) <= excluded.appender
            """;
        await using var command = store.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = epoch });
        command.Parameters.Add(
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)server ?? DBNull.Value }
        );
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = appender });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
