using System.Runtime.CompilerServices;
using Npgsql;
using Npgsql.Replication;

namespace Strangler.CdcBridge.Offsets;

/// <summary>Reads a timeline's history file from the server.</summary>
internal static class TimelineFile
{
    /// <summary>The file's text; null if the server has none, or the driver can't return it.</summary>
    public static async Task<string?> ReadAsync(
        ReplicationConnection connection,
        uint timeline,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // Npgsql's own TimelineHistory (10.0.3) casts the content to bytes. PostgreSQL 15 and newer declare it as
            // text, so the cast fails after the row has been read. The row itself is requested instead.
            var command = FormattableString.Invariant($"TIMELINE_HISTORY {timeline}");
            var row = await ReadSingleRow(connection, command, cancellationToken);
            return row switch
            {
                [_, string text] => text,
                [_, byte[] bytes] => System.Text.Encoding.UTF8.GetString(bytes),
                _ => null,
            };
        }
        catch (MissingMethodException)
        {
            return null; // another version of Npgsql: the branch is unknown then, which is the safe answer
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedFile)
        {
            return null; // somebody has removed the file
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ReadSingleRow")]
    private static extern Task<object[]> ReadSingleRow(
        ReplicationConnection connection,
        string command,
        CancellationToken cancellationToken
    );
}
