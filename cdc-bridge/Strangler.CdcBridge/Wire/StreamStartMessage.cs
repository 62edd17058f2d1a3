namespace Strangler.CdcBridge.Wire;

/// <summary>Frames of a transaction that has not ended follow, until <see cref="StreamStopMessage"/>.</summary>
/// <param name="Xid">The transaction's id in 32 bits.</param>
/// <param name="IsFirst">Whether no frame of it was sent before.</param>
internal readonly record struct StreamStartMessage(uint Xid, bool IsFirst)
{
    public const char Kind = 'S';

    public static StreamStartMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new StreamStartMessage(reader.ReadUInt32(), reader.ReadByte() == 1);
        reader.ExpectEnd();
        return message;
    }
}
