using System.Buffers.Binary;
using System.Numerics;

namespace Strangler.Comparing.Json;

/// <summary>
/// 64-bit hashes that are the same in every process. They are hints, never proof: values with equal hashes are still
/// compared.
/// </summary>
internal static class HashMix
{
    private const ulong Prime = 0x9e3779b97f4a7c15;

    public static ulong Add(ulong hash, ulong value)
    {
        hash = (BitOperations.RotateLeft(hash, 29) ^ value) * Prime;
        return hash ^ (hash >> 32);
    }

    /// <summary>Spreads a value before values are added up.</summary>
    public static ulong Spread(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    public static ulong Bytes(ReadOnlySpan<byte> bytes)
    {
        var hash = Spread((ulong)bytes.Length + Prime);
        while (bytes.Length >= 8)
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        ulong rest = 0;
        foreach (var value in bytes)
            rest = (rest << 8) | value;
        return Add(hash, rest);
    }
}
