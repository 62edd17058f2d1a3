namespace Strangler.CdcBridge.Wire;

/// <summary>A transaction of which frames were sent before its end, or a part of it, is rolled back.</summary>
/// <param name="Xid">The transaction.</param>
/// <param name="Part">Its subtransaction that is rolled back; the transaction itself if all of it is.</param>
internal readonly record struct StreamAbortMessage(uint Xid, uint Part)
{
    public const char Kind = 'A';

    public static StreamAbortMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new StreamAbortMessage(reader.ReadUInt32(), reader.ReadUInt32());
        reader.ExpectEnd();
        return message;
    }
}
