namespace Strangler.CdcBridge.Wire;

/// <summary>
/// A frame of the replication stream that is not what the protocol says (PostgreSQL's manual, 55.9): the decoder stops
/// there and reads nothing beyond the frame's end.
/// </summary>
internal sealed class MalformedFrameException(string message) : Exception(message);
