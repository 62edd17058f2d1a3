using System.Buffers.Binary;
using System.Text;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Reads what <see cref="FieldWriter"/> wrote, and nothing else.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _left = bytes;

    public readonly bool IsAtEnd => _left.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return shift > 0 && next == 0 ? throw Malformed("a number is padded") : value;
        }
        throw Malformed("a number has more than 64 bits");
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A signed number of 32 bits.</summary>
    public int Small() => Signed() is >= int.MinValue and <= int.MaxValue and var value ? (int)value : throw Range();

    public uint Fixed() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public Guid Id() => new(Take(16));

    /// <summary>A count of what follows, of which each takes a byte at least.</summary>
    public int Count() => Number() is var count && count <= (ulong)_left.Length ? (int)count : throw Range();

    /// <summary>A number of things that are not listed one by one.</summary>
    public int Amount() => Number() is > 0 and <= int.MaxValue and var value ? (int)value : throw Range();

    public bool Flag() =>
        Byte() switch
        {
            0 => false,
            1 => true,
            _ => throw Malformed("a flag is neither 0 nor 1"),
        };

    public DateTimeOffset Time() =>
        Number() is var ticks && ticks <= (ulong)DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset((long)ticks, TimeSpan.Zero)
            : throw Range();

    public Position Place() => new(Small(), new Lsn(Number()), Small());

    public string Text()
    {
        try
        {
            return Strict.GetString(Take(Count()));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("a text is not UTF-8");
        }
    }

    public byte[] Bytes() => Take(Count()).ToArray();

    public byte[]? OptionalBytes() => Flag() ? Bytes() : null;

    public string? OptionalText() => Flag() ? Text() : null;

    public Position? OptionalPlace() => Flag() ? Place() : null;

    public DateTimeOffset? OptionalTime() => Flag() ? Time() : null;

    public ulong? OptionalNumber() => Flag() ? Number() : null;

    public long? OptionalSigned() => Flag() ? Signed() : null;

    public static FormatException Malformed(string why) => new($"A control record is malformed: {why}.");

    private static FormatException Range() => Malformed("a number is out of its range");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
            throw Malformed("it ends too early");
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
