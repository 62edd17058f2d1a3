using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Which keys belong to a share: by hash, so that it is the same at every gateway and after every restart, grows with
/// the share and never loses a key by it, and says nothing about another share with another seed.
/// </summary>
internal static class KeySampler
{
    /// <summary>The seed of the share that is compared. A share of anything else has a seed of its own.</summary>
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

    /// <summary>With its length before it, so that no two lists of texts run together.</summary>
    private static void Add(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text.Length);
        hash.AppendData(length);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
