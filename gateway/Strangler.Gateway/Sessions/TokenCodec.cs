using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Strangler.ChangeLog;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Writes and reads tokens: 54 bytes in Base64Url, so that no other text has the same bytes. A version, the key's
/// number, what is known, source, epoch, LSN, and the time of a write whose position isn't known; then the first 20
/// bytes of their HMAC-SHA256.
/// </summary>
internal static class TokenCodec
{
    /// <summary>The number of a token's characters.</summary>
    public const int Length = 72;

    private const byte Version = 1;
    private const int KeyAt = 1,
        KnownAt = 5,
        SourceAt = 6,
        EpochAt = 14,
        BeforeAt = 18,
        UnknownSinceAt = 26,
        SignatureAt = 34,
        Bytes = 54;
    private const byte HasPosition = 1,
        HasUnknown = 2,
        HasLater = 4;

    public static string Write(SessionToken token, SessionKey key)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes.Clear();
        bytes[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bytes[KeyAt..], key.Id);
        if (token.Seen is { } seen)
        {
            bytes[KnownAt] |= HasPosition;
            BinaryPrimitives.WriteUInt64BigEndian(bytes[SourceAt..], seen.Source);
            BinaryPrimitives.WriteInt32BigEndian(bytes[EpochAt..], seen.Epoch);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[BeforeAt..], seen.Before.Value);
        }
        if (token.UnknownSince is { } since)
        {
            bytes[KnownAt] |= HasUnknown;
            BinaryPrimitives.WriteInt64BigEndian(bytes[UnknownSinceAt..], since.UtcTicks);
        }
        if (token.MayWriteLater)
            bytes[KnownAt] |= HasLater;
        Sign(bytes[..SignatureAt], key, bytes[SignatureAt..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static SessionText Read(string text, SessionKeySet keys)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (
            text.Length != Length
            || !Base64Url.IsValid(text, out var length)
            || length != Bytes
            || !Base64Url.TryDecodeFromChars(text, bytes, out _)
            || bytes[0] != Version
        )
            return SessionText.NoToken.Value;
        if (keys.Find(BinaryPrimitives.ReadInt32BigEndian(bytes[KeyAt..])) is not { } key)
            return SessionText.OtherKey.Value;
        Span<byte> signature = stackalloc byte[Bytes - SignatureAt];
        Sign(bytes[..SignatureAt], key, signature);
        return CryptographicOperations.FixedTimeEquals(signature, bytes[SignatureAt..])
            ? new SessionText.Signed(Content(bytes))
            : SessionText.NoToken.Value;
    }

    private static SessionToken Content(ReadOnlySpan<byte> bytes) =>
        new(
            (bytes[KnownAt] & HasPosition) == 0
                ? null
                : new SessionPosition(
                    BinaryPrimitives.ReadUInt64BigEndian(bytes[SourceAt..]),
                    BinaryPrimitives.ReadInt32BigEndian(bytes[EpochAt..]),
                    new Lsn(BinaryPrimitives.ReadUInt64BigEndian(bytes[BeforeAt..]))
                ),
            (bytes[KnownAt] & HasUnknown) == 0
                ? null
                : new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[UnknownSinceAt..]), TimeSpan.Zero)
        )
        {
            MayWriteLater = (bytes[KnownAt] & HasLater) != 0,
        };

    private static void Sign(ReadOnlySpan<byte> content, SessionKey key, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret.Span, content, hash);
        hash[..signature.Length].CopyTo(signature);
    }
}
