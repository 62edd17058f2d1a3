namespace Strangler.CdcBridge.Faults;

/// <summary>
/// Transactions that have not ended can't be kept here: another session leaves them with the server until they commit.
/// </summary>
internal sealed class SpillFullException(string message, Exception? cause = null) : IOException(message, cause);
