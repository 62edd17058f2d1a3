using System.Buffers.Binary;
using System.Globalization;

namespace Strangler.ChangeLog;

/// <summary>
/// What a transaction of the source changed, digested as it was sent: tables, kinds of change and values, without
/// positions. A position is not an identity: a source that was put back to an older copy reuses its positions for
/// something else. Opaque to every log: the appender computes it, and compares it when the source sends the transaction
/// again.
/// </summary>
/// <param name="Version">How it was computed: digests of two versions can't be compared.</param>
/// <param name="Value">The digest.</param>
public readonly record struct TransactionDigest(byte Version, UInt128 Value)
{
    /// <summary>The length of <see cref="ToBytes"/>.</summary>
    public const int Size = 17;

    /// <summary>The version, and the value in network byte order.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(1), Value);
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are not a digest.</exception>
    public static TransactionDigest FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
            ? new TransactionDigest(bytes[0], BinaryPrimitives.ReadUInt128BigEndian(bytes[1..]))
            : throw new FormatException($"A digest of a transaction has {Size} bytes, not {bytes.Length}.");

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}:{Value:x32}");
}
