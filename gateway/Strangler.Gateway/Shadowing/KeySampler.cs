using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Decides which keys belong to a share. The decision is by hash, so it is the same at every gateway and after every
/// restart, a larger share contains all keys of a smaller one, and a share with another seed is independent.
/// </summary>
internal static class KeySampler
{
    /// <summary>The seed of the share that is compared. Other shares have their own seeds.</summary>
    public const string ShadowSeed = "shadow";

    /// <param name="share">From 0 (none) to 1 (all).</param>
    public static bool Includes(string seed, IReadOnlyList<string> keys, double share) =>
        share >= 1 || (share > 0 && Place(seed, keys) < share);

    /// <summary>A place in [0, 1) that belongs to the keys.</summary>
    private static double Place(string seed, IReadOnlyList<string> keys)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, seed);
        foreach (var key in keys)
            Add(hash, key);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return (BinaryPrimitives.ReadUInt64BigEndian(digest) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Prefixed with its length, so that different lists of texts never give the same bytes.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
