using Dapper;
using Npgsql;
using Strangler.CdcBridge.Faults;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Schema;

/// <content>What the server doesn't tell the stream's reader.</content>
internal sealed partial class SourceWatch
{
    /// <summary>
    /// Why the server has abandoned the stream; null if it hasn't. After an error in a stream, PostgreSQL waits for a
    /// Sync message, and Npgsql for ReadyForQuery, so the reader is never told (manual: CopyBoth mode). But then the
    /// slot is free, and reading it over SQL returns the same error, if it is read as the stream reads it: with the
    /// stream's client encoding, since another one fails at other bytes, and past any number of rows, since a limit
    /// ends the reading before the error. Whatever this reading ends with ends the session: it isn't a look that
    /// failed.
    /// </summary>
    private async Task<Exception?> StreamErrorAsync(SlotState slot, CancellationToken cancellationToken)
    {
        _free = _isRequested && slot.Process is null ? _free + 1 : 0;
        if (_free < MaxFree)
            return null;
        _free = 0;
        const string Sql = """
            select count(*) from pg_logical_slot_peek_binary_changes(
                @Slot, null, null, 'proto_version', '1', 'publication_names', @publication, 'messages', 'true')
            """;
        try
        {
            await using var reader = NpgsqlDataSource.Create(config.SourceForReplication);
            await using var connection = await reader.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync(
                new CommandDefinition(
                    Sql,
                    new { config.Slot, publication = SqlName.Quote(config.Publication) },
                    commandTimeout: (int)MaxPeek.TotalSeconds,
                    cancellationToken: cancellationToken
                )
            );
            return new StreamAbandonedException("the server has abandoned the stream, and gives no error now");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            return null; // the stream has just begun
        }
        // what was read is kept by the server until the reading ends, and may have exceeded its temp_file_limit
        catch (PostgresException exception) when (exception.SqlState != PostgresErrorCodes.ConfigurationLimitExceeded)
        {
            return exception;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            return new StreamAbandonedException(
                $"the server has abandoned the stream, and why could not be read: {exception.Message}",
                exception
            );
        }
    }
}
