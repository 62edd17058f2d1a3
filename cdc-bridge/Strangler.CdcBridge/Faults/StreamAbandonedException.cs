namespace Strangler.CdcBridge.Faults;

/// <summary>The server has abandoned the stream, and its error isn't known. Another session may be told.</summary>
internal sealed class StreamAbandonedException(string message, Exception? cause = null) : IOException(message, cause);
