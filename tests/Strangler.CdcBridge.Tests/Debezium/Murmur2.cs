using System.Buffers.Binary;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>The hash by which Kafka's Java producer picks a key's partition.</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    public static int FindPartition(ReadOnlySpan<byte> key, int partitions) =>
        (int)(Hash(key) & int.MaxValue) % partitions;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
        }
        if (data.Length > 0)
        {
            for (var index = 0; index < data.Length; index++)
                hash ^= (uint)data[index] << (8 * index);
            hash *= Multiplier;
        }
        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}
