using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Writes fields one after another: numbers take as many bytes as they need, 7 bits in each.</summary>
internal sealed class FieldWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Byte(byte value) => _bytes.Write([value]);

    public void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Number(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    public void Id(Guid value) => _bytes.Write(value.ToByteArray());

    /// <summary>A count of what follows.</summary>
    public void Count(int value) => Number((ulong)value);

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Time(DateTimeOffset value) => Number((ulong)value.UtcTicks);

    public void Place(Position value)
    {
        Number((long)value.Epoch);
        Number(value.Commit.Value);
        Number((long)value.Ordinal);
    }

    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        _bytes.Write(value);
    }

    /// <summary>A value that may be missing.</summary>
    public void Optional<T>(T? value, Action<T> write)
        where T : struct
    {
        Flag(value is not null);
        if (value is { } present)
            write(present);
    }

    /// <inheritdoc cref="Optional{T}(T?, Action{T})"/>
    public void Optional(byte[]? value)
    {
        Flag(value is not null);
        if (value is not null)
            Bytes(value);
    }

    /// <inheritdoc cref="Optional{T}(T?, Action{T})"/>
    public void Optional(string? value)
    {
        Flag(value is not null);
        if (value is not null)
            Text(value);
    }
}
