using System.Buffers.Binary;

namespace Strangler.CdcBridge.Replication;

/// <summary>
/// Reads the fields of a frame in network byte order, in place. Every read is checked against the frame's end.
/// </summary>
internal ref struct FrameReader(ReadOnlySpan<byte> frame)
{
    private readonly ReadOnlySpan<byte> _frame = frame;

    /// <summary>Where in the frame the next field begins.</summary>
    public int Offset { get; private set; }

    public readonly int Left => _frame.Length - Offset;

    public byte ReadByte() => Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    /// <summary>A text that ends with a zero byte, which is skipped.</summary>
    public ReadOnlySpan<byte> ReadName()
    {
        var length = _frame[Offset..].IndexOf((byte)0);
        if (length < 0)
            throw new MalformedFrameException(
                $"A name at byte {Offset} of a frame of {_frame.Length} bytes does not end."
            );
        var name = Take(length);
        Offset++;
        return name;
    }

    /// <summary>The next <paramref name="length"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > Left)
            throw new MalformedFrameException(
                $"A field of {length} bytes at byte {Offset} lies beyond the end of a frame of {_frame.Length} bytes."
            );
        var field = _frame.Slice(Offset, length);
        Offset += length;
        return field;
    }

    /// <summary>Skips the byte that says which message this is.</summary>
    public void Expect(char kind)
    {
        var found = ReadByte();
        if (found != kind)
            throw new MalformedFrameException($"A message of kind '{kind}' begins with byte {found}.");
    }

    /// <summary>Checks that the frame holds nothing more.</summary>
    public readonly void ExpectEnd()
    {
        if (Left != 0)
            throw new MalformedFrameException(
                $"A frame of {_frame.Length} bytes has {Left} bytes more than its message."
            );
    }
}
