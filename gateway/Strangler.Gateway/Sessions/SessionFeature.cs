namespace Strangler.Gateway.Sessions;

/// <summary>What a request has to do with its caller's session.</summary>
/// <param name="texts">The texts that it sent as tokens.</param>
internal sealed class SessionFeature(IReadOnlyList<string> texts)
{
    public IReadOnlyList<string> Texts => texts;

    /// <summary>Whether its answer waits for a token.</summary>
    public bool IsHeld { get; set; }

    /// <summary>
    /// What gateways have signed of it, merged.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <returns>Also whether one names a key that isn't among them.</returns>
    public (SessionToken Token, bool HasOtherKey) Read(SessionKeySet keys)
    {
        var (token, hasOtherKey) = (SessionToken.None, false);
        foreach (var text in texts)
        {
            switch (TokenCodec.Read(text, keys))
            {
                case SessionText.Signed signed:
                    token = token.Merge(signed.Token);
                    break;
                case SessionText.OtherKey:
                    hasOtherKey = true;
                    break;
            }
        }
        return (token, hasOtherKey);
    }
}
