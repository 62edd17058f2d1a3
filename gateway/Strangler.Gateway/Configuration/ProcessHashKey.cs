using System.Security.Cryptography;

namespace Strangler.Gateway.Configuration;

/// <summary>A key for hashes that nobody else has and that ends with the process.</summary>
internal static class ProcessHashKey
{
    public static ReadOnlyMemory<byte> Value { get; } = RandomNumberGenerator.GetBytes(32);
}
