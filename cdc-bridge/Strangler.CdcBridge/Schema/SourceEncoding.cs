using Npgsql;
using Strangler.CdcBridge.Encoding;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>The encoding of the source's database, and its consequences.</summary>
internal static class SourceEncoding
{
    public static async Task<string> ReadAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select current_setting('server_encoding')");
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>What should be known about an encoding; null if it can always be read.</summary>
    public static Fault? Warning(string encoding) =>
        encoding switch
        {
            "UTF8" or "LATIN1" => null,
            SourceText.SqlAscii => new Fault(
                "Source",
                "The database's encoding is SQL_ASCII: the server accepts any bytes and knows no characters. What "
                    + "is UTF-8 is read as text; other bytes are kept as they are, and keys that read them ask legacy.",
                "Store UTF-8 only; or leave these columns undeclared."
            ),
            _ => new Fault(
                "Source",
                $"The database's encoding is {encoding}. Bytes that have no equivalent in UTF-8 are kept as they are,"
                    + " and keys that read them ask legacy."
                    + (
                        SourceText.IsBlindTo(encoding)
                            ? " A table that has such bytes in a key is in doubt, and is not answered from."
                            : ""
                    ),
                "Fix such values in the source."
            ),
        };
}
