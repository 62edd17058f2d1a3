using System.Buffers.Binary;

namespace Strangler.CdcBridge.Wire;

/// <summary>A transaction of which frames were sent before its end commits.</summary>
/// <param name="xid">The transaction.</param>
/// <param name="ends">The fields that end it, which are those of <see cref="CommitMessage"/>.</param>
internal readonly ref struct StreamCommitMessage(uint xid, ReadOnlySpan<byte> ends)
{
    public const char Kind = 'c';

    // The flags, the commit's place, the end's place and the time.
    private const int Fields = 1 + 8 + 8 + 8;

    private readonly ReadOnlySpan<byte> _ends = ends;

    public uint Xid { get; } = xid;

    public static StreamCommitMessage Read(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        reader.Expect(Kind);
        var message = new StreamCommitMessage(reader.ReadUInt32(), reader.Take(Fields));
        reader.ExpectEnd();
        return message;
    }

    /// <summary>The transaction's first frame in protocol version 1 (<see cref="BeginMessage"/>).</summary>
    public byte[] ToBegin()
    {
        var frame = new byte[1 + 8 + 8 + 4];
        frame[0] = (byte)BeginMessage.Kind;
        _ends.Slice(1, 8).CopyTo(frame.AsSpan(1));
        _ends.Slice(17, 8).CopyTo(frame.AsSpan(9));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(17), Xid);
        return frame;
    }

    /// <summary>The transaction's last frame in protocol version 1 (<see cref="CommitMessage"/>).</summary>
    public byte[] ToCommit() => [(byte)CommitMessage.Kind, .. _ends];
}
