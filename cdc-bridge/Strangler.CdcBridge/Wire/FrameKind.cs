using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Wire;

/// <summary>What a frame is, told without reading all of it.</summary>
internal static class FrameKind
{
    /// <summary>The commit of the transaction that the frame begins; null for any other frame.</summary>
    public static Lsn? Begins(ReadOnlySpan<byte> frame) =>
        frame is [(byte)BeginMessage.Kind, ..] ? BeginMessage.Read(frame).Commit : null;

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
