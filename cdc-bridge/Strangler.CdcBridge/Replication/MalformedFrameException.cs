namespace Strangler.CdcBridge.Replication;

/// <summary>
/// A frame of the replication stream that violates the protocol (PostgreSQL's manual, 55.9). The decoder stops there
/// and reads nothing beyond the frame's end.
/// </summary>
internal sealed class MalformedFrameException(string message) : Exception(message);
