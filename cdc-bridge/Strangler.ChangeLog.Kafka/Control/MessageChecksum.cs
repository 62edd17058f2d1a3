using System.Buffers.Binary;
using System.Numerics;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>A running CRC-32C over the keys and values of messages.</summary>
internal static class MessageChecksum
{
    public static uint Add(uint checksum, byte[]? key, byte[]? value) => Add(Add(checksum, key), value);

    /// <summary>The checksum of bytes alone.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Add(uint.MaxValue, bytes);

    private static uint Add(uint checksum, byte[]? bytes) =>
        Add(BitOperations.Crc32C(checksum, (ulong)(bytes?.Length ?? -1)), (ReadOnlySpan<byte>)bytes);

    private static uint Add(uint checksum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes)
            checksum = BitOperations.Crc32C(checksum, one);
        return checksum;
    }
}
