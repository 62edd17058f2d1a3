using CsCheck;
using Strangler.ChangeLog;
using Strangler.Gateway.Sessions;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>Tokens: what was signed is read, anything else isn't, and merging them loses nothing.</summary>
public sealed class TokenProperties
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly Gen<SessionPosition> Positions = Gen.Select(
        Gen.Int[0, 1],
        Gen.Int[1, 2],
        Gen.ULong[0, 5],
        (source, epoch, before) => SessionPosition.Of($"s{source}", epoch, new Lsn(before))
    );

    private static readonly Gen<SessionToken> Tokens = Gen.Select(
        Positions.Nullable(),
        Gen.Long[0, 5].Nullable(),
        Gen.Bool,
        (seen, since, later) =>
            new SessionToken(seen, since is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null)
            {
                MayWriteLater = later && since is not null,
            }
    );

    private static readonly Gen<SessionKey> Keys = Gen.Select(
        Gen.Int[1, 3],
        Gen.Byte.Array[SessionKey.Bytes],
        (id, secret) => new SessionKey(id, secret, TimeSpan.FromHours(1))
    );

    [Fact]
    public void Read_WhatWasWritten_IsTheSame() =>
        Gen.Select(Tokens, Keys)
            .Sample(
                (token, key) =>
                    Read(TokenCodec.Write(token, key), key) is SessionText.Signed signed && signed.Token == token
            );

    [Fact]
    public void Read_OneOtherCharacter_IsNoTokenOrOneOfAnotherKey() =>
        Gen.Select(Tokens, Keys, Gen.Int[0, TokenCodec.Length - 1], Gen.Int[0, Alphabet.Length - 1])
            .Sample(
                (token, key, at, other) =>
                {
                    var text = TokenCodec.Write(token, key).ToCharArray();
                    if (text[at] == Alphabet[other])
                        return true;
                    text[at] = Alphabet[other];
                    return Read(new string(text), key) is not SessionText.Signed;
                }
            );

    [Fact]
    public void Read_CutOffOrLonger_IsNoToken() =>
        Gen.Select(Tokens, Keys, Gen.Int[0, TokenCodec.Length - 1])
            .Sample(
                (token, key, length) =>
                {
                    var text = TokenCodec.Write(token, key);
                    return Read(text[..length], key) is SessionText.NoToken
                        && Read($"{text}A", key) is SessionText.NoToken
                        && Read($"{text[..^1]}=", key) is SessionText.NoToken
                        && Read($"{text[..^1]} ", key) is SessionText.NoToken;
                }
            );

    [Fact]
    public void Read_SignedByAKeyOfTheSameNumber_IsNoToken() =>
        Gen.Select(Tokens, Keys, Gen.Byte.Array[SessionKey.Bytes])
            .Where((_, key, secret) => !key.Secret.Span.SequenceEqual(secret))
            .Sample(
                (token, key, secret) =>
                    Read(TokenCodec.Write(token, key with { Secret = secret }), key) is SessionText.NoToken
            );

    [Fact]
    public void Read_SignedByAKeyOfAnotherNumber_IsOfAnotherKey() =>
        Gen.Select(Tokens, Keys)
            .Sample((token, key) => Read(TokenCodec.Write(token, key with { Id = 9 }), key) is SessionText.OtherKey);

    [Fact]
    public void Merge_AnyTokens_IsTheLeastThatHasAllOfEach() =>
        Gen.Select(Tokens, Tokens, Tokens)
            .Sample(
                (one, two, three) =>
                    one.Merge(two) == two.Merge(one)
                    && one.Merge(two).Merge(three) == one.Merge(two.Merge(three))
                    && one.Merge(one) == one
                    && one.Merge(SessionToken.None) == one
                    && Has(one.Merge(two), one)
                    && Has(one.Merge(two), two)
            );

    [Fact]
    public void At_LaterLook_EndsTheDoubtUnlessLegacyMayStillWrite() =>
        Gen.Select(Tokens, Positions)
            .Sample(
                (token, look) =>
                    token.At(look).Seen == look
                    && token.At(look).UnknownSince == (token.MayWriteLater ? token.UnknownSince : null)
            );

    [Fact]
    public void Merge_PositionsThatCannotBeCompared_IsOfNoSource()
    {
        var (one, other) = (At("a", 1, 5), At("b", 1, 9));

        Assert.Equal(SessionPosition.Incomparable, one.Merge(other).Seen);
        Assert.Equal(SessionPosition.Incomparable, one.Merge(At("a", 2, 9)).Seen);
        Assert.Equal(SessionPosition.Incomparable, one.Merge(other).Merge(one).Seen);
        Assert.Equal(At("a", 1, 9), one.Merge(At("a", 1, 9)));
        Assert.False(SessionPosition.Incomparable.IsOf("a", 0));
    }

    private static SessionToken At(string source, int epoch, ulong before) =>
        new(SessionPosition.Of(source, epoch, new Lsn(before)), null);

    private static SessionText Read(string text, SessionKey key) => TokenCodec.Read(text, SessionKeySet.Of([key])!);

    /// <summary>Whether a reader with the first token sees all that one with the second sees.</summary>
    private static bool Has(SessionToken merged, SessionToken part) =>
        (part.UnknownSince is null || merged.UnknownSince >= part.UnknownSince)
        && (!part.MayWriteLater || merged.MayWriteLater)
        && (
            part.Seen is not { } seen
            || merged.Seen == SessionPosition.Incomparable
            || merged.Seen is { } all
                && all.Source == seen.Source
                && all.Epoch == seen.Epoch
                && all.Before >= seen.Before
        );
}
