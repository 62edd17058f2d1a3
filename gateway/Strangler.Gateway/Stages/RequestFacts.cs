using System.Text.Json;

namespace Strangler.Gateway.Stages;

/// <summary>What a decision knows of a request.</summary>
/// <param name="Method">As it was sent.</param>
/// <param name="Overrides">Values of the headers that ask a server to take the request for another method.</param>
/// <param name="Target">Path and query as they were sent.</param>
/// <param name="RouteValues">Values of the route's template, decoded.</param>
/// <param name="Query">Every parameter as often as it was sent, decoded.</param>
/// <param name="Body">What is known of the body.</param>
internal sealed record RequestFacts(
    string Method,
    IReadOnlyList<string> Overrides,
    string Target,
    IReadOnlyDictionary<string, string> RouteValues,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    BodyFacts Body
)
{
    /// <summary>Whether the request asks for another protocol or a tunnel.</summary>
    public bool IsUpgrade { get; init; }
}

/// <summary>What is known of a request's body.</summary>
internal abstract record BodyFacts
{
    private BodyFacts() { }

    /// <summary>There is none.</summary>
    public sealed record None : BodyFacts
    {
        public static readonly None Value = new();
    }

    /// <summary>There is one, and nobody has looked at it.</summary>
    public sealed record Unread : BodyFacts
    {
        public static readonly Unread Value = new();
    }

    /// <summary>More bytes than the route reads.</summary>
    public sealed record TooLarge : BodyFacts
    {
        public static readonly TooLarge Value = new();
    }

    /// <summary>By its headers or its bytes it is not JSON in UTF-8.</summary>
    public sealed record NotJson : BodyFacts
    {
        public static readonly NotJson Value = new();
    }

    public sealed record Json(JsonElement Root) : BodyFacts;
}
