using Npgsql;
using NpgsqlTypes;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>
/// Whether the log may be answered from, written where those who answer read it in the same statement as the documents:
/// in the store, as the embedded log does. An earlier appender changes nothing after a later one.
/// </summary>
internal sealed class StoreTrust(NpgsqlDataSource store)
{
    /// <summary>An appender has opened: the end's epoch isn't trusted.</summary>
    public Task DoubtAsync(string source, long appender, Position? end, CancellationToken cancellationToken) =>
        end is { } known ? WriteAsync(source, known.Epoch + 1, null, appender, cancellationToken) : Task.CompletedTask;

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
