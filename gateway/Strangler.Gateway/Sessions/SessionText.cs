namespace Strangler.Gateway.Sessions;

/// <summary>What a text says that a caller sent as a token.</summary>
internal abstract record SessionText
{
    private SessionText() { }

    /// <summary>A gateway has signed it.</summary>
    public sealed record Signed(SessionToken Token) : SessionText;

    /// <summary>It names a key that isn't known. Another gateway may have just made that key.</summary>
    public sealed record OtherKey : SessionText
    {
        public static readonly OtherKey Value = new();
    }

    /// <summary>It is none, or forged. It is ignored.</summary>
    public sealed record NoToken : SessionText
    {
        public static readonly NoToken Value = new();
    }
}
