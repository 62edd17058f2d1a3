using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Wire;

/// <summary>What a frame is, told without reading all of it.</summary>
internal static class FrameKind
{
    /// <summary>
    /// The place in the log of what the frame begins: a transaction's commit, or that of a message outside any
    /// transaction; null for any other frame.
    /// </summary>
    public static Lsn? StandsAt(ReadOnlySpan<byte> frame) =>
        frame switch
        {
            [(byte)BeginMessage.Kind, ..] => BeginMessage.Read(frame).Commit,
            [(byte)LogicalMessage.Kind, ..] when LogicalMessage.Read(frame) is { Transactional: false } message =>
                message.At,
            _ => null,
        };

    /// <summary>
    /// The relation that must be learned before the frame can be interpreted; null for any other frame.
    /// </summary>
    public static RelationShape? Describes(ReadOnlySpan<byte> frame) =>
        frame is [(byte)RelationMessage.Kind, ..] ? RelationMessage.Read(frame) : null;

    /// <summary>Whether the frame changes rows.</summary>
    public static bool IsChange(ReadOnlySpan<byte> frame) =>
        frame
            is [
                (byte)InsertMessage.Kind
                or (byte)UpdateMessage.Kind
                or (byte)DeleteMessage.Kind
                or (byte)TruncateMessage.Kind,
                ..,
            ];
}
