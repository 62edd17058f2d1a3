using System.Text.RegularExpressions;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge.Faults;

/// <summary>Separates what a person has to fix from what passes by itself.</summary>
internal static class SourceFaults
{
    private const string Again = "Take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true).";

    /// <summary>Whether the server could not convert a value into UTF-8.</summary>
    public static bool IsConversionError(Exception exception) =>
        exception
            is PostgresException
            {
                SqlState: PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.CharacterNotInRepertoire,
            };

    /// <summary>Whether reconnecting may help: a lost connection, or a source or store that is restarting.</summary>
    public static bool IsTransient(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: var state } => SqlStates.IsTransient(state),
            StoreException { Cause: var cause } => IsTransient(cause),
            NpgsqlException => true,
            RegexMatchTimeoutException => false, // the same value would meet the same pattern again
            IOException or ObjectDisposedException or TimeoutException or System.Net.Sockets.SocketException => true,
            _ => false,
        };

    /// <summary>
    /// What a stream that ended with <paramref name="exception"/> lacks. It is looked up, because the server's messages
    /// are localized: if the slot exists, the publication didn't exist at the stream's position.
    /// </summary>
    public static async Task<MissingObject> MissingAsync(
        Exception exception,
        BridgeConfig config,
        CancellationToken cancellationToken
    )
    {
        if (exception is not PostgresException { SqlState: PostgresErrorCodes.UndefinedObject })
            return MissingObject.None;
        try
        {
            await using var source = SourceSessions.Open(config, config.SourceForQueries);
            return await SlotState.ReadAsync(source, config.Slot, cancellationToken) is null
                ? MissingObject.Slot
                : MissingObject.Publication;
        }
        // the next session says why it can't be asked
        catch (Exception unread) when (unread is NpgsqlException or FaultException)
        {
            return MissingObject.Unknown;
        }
    }

    /// <summary>The slot was dropped while its stream was being read or started.</summary>
    public static Fault SlotDropped(BridgeConfig config, Position? end) =>
        new(
            $"slot '{config.Slot}'",
            $"It was dropped, and what was committed after {end} can no longer be read.",
            Again
        );

    /// <summary>
    /// The fault behind an error of the replication stream; null if it isn't one that a person can fix.
    /// </summary>
    public static Fault? Of(Exception exception, BridgeConfig config, Position? end) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.ObjectInUse } e => SlotLock.InUse(
                config.Slot,
                ProcessIn(e.MessageText),
                null
            ),
            PostgresException
            {
                SqlState: PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.UndefinedFile
            } e => new($"slot '{config.Slot}'", $"{e.MessageText}; the log ends at {end}.", Again),
            PostgresException { SqlState: PostgresErrorCodes.ConfigurationLimitExceeded } e => new(
                "Source",
                $"{e.MessageText}.",
                "Raise max_replication_slots and max_wal_senders: the bridge needs two of each, one of them only "
                    + "while it reads a table again."
            ),
            // a session without conversion met it too, so it isn't a value that the stream sends
            PostgresException e when IsConversionError(e) => new(
                "Source",
                $"The server can't convert a text that the bridge reads: {e.MessageText}.",
                "Give what has such a name another one, in the encoding of the database; the server's log has the "
                    + "statement."
            ),
            _ => DatabaseFault.Of(exception, "Source", config.Source),
        };

    /// <summary>The process that the server names, whatever its language: the message ends with the number.</summary>
    private static int? ProcessIn(string message)
    {
        var digits = message.TrimEnd('.', ' ', '。');
        var start = digits.Length;
        while (start > 0 && char.IsAsciiDigit(digits[start - 1]))
            start--;
        return int.TryParse(
            digits.AsSpan(start),
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var process
        )
            ? process
            : null;
    }
}
