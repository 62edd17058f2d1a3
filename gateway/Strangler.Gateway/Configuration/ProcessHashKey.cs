using System.Security.Cryptography;

namespace Strangler.Gateway.Configuration;

/// <summary>A key for hashes that no other process knows and that lasts as long as this one.</summary>
internal static class ProcessHashKey
{
    public static ReadOnlyMemory<byte> Value { get; } = RandomNumberGenerator.GetBytes(32);
}
