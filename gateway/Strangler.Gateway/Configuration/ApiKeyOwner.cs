namespace Strangler.Gateway.Configuration;

/// <summary>Whose key it is.</summary>
/// <param name="Name">The caller's name.</param>
/// <param name="Hash">The SHA-256 hash of the key, so that no model holds the key itself.</param>
/// <param name="Roles">The caller's roles.</param>
internal sealed record ApiKeyOwner(string Name, ReadOnlyMemory<byte> Hash, IReadOnlyList<string> Roles);
