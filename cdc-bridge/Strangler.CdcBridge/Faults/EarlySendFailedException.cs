using Npgsql;

namespace Strangler.CdcBridge.Faults;

/// <summary>
/// The server fails to send transactions that have not ended: another session leaves them with it until they commit.
/// </summary>
internal sealed class EarlySendFailedException(PostgresException cause)
    : IOException(
        $"The server fails to send transactions before they commit: {cause.MessageText}. Until this process ends, it "
            + "keeps them until then.",
        cause
    );
