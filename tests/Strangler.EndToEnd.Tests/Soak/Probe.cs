namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>How a request is written.</summary>
internal enum ProbeForm
{
    /// <summary>A key as it is spelled, on the route in stage lookup.</summary>
    Key,

    /// <summary>The same on the route in stage shadow.</summary>
    Shadow,

    /// <summary>A path that matches the route and isn't its canonical spelling.</summary>
    Spelling,

    /// <summary>A query parameter that the route doesn't declare.</summary>
    Query,

    /// <summary>A WebSocket handshake.</summary>
    Handshake,
}

/// <summary>A request.</summary>
/// <param name="Form">How it is written.</param>
/// <param name="Key">The key that it is about.</param>
/// <param name="Target">The request target, as sent.</param>
internal sealed record Probe(ProbeForm Form, string Key, string Target)
{
    /// <summary>Paths that a router may treat as the canonical one, by key.</summary>
    private static readonly Func<string, string>[] Spellings =
    [
        key => $"/products/{key}/",
        key => $"/Products/{key}",
        key => $"/products/{key};jsessionid=1",
        key => $"/products/%{(int)key[0]:X2}{key[1..]}",
        key => $"/products/%20{key}",
        key => $"/products/{key}%0A",
        key => $"/products/{key.ToLowerInvariant()}",
        key => $"/products//{key}",
    ];

    /// <summary>Draws one: mostly a key, sometimes something that only legacy understands.</summary>
    public static Probe Draw(Random random, IReadOnlyList<string> keys)
    {
        var key = keys[random.Next(keys.Count)];
        return random.Next(100) switch
        {
            < 70 => new(ProbeForm.Key, key, $"/products/{key}"),
            < 88 => new(ProbeForm.Shadow, key, $"/shadowed/{key}"),
            < 92 => new(ProbeForm.Query, key, $"/products/{key}?x={random.Next(9)}"),
            < 97 => new(ProbeForm.Spelling, key, Spellings[random.Next(Spellings.Length)](key)),
            _ => new(ProbeForm.Handshake, key, $"/products/{key}"),
        };
    }
}
