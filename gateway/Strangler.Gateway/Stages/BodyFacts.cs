using System.Text.Json;

namespace Strangler.Gateway.Stages;

/// <summary>The facts about a request's body.</summary>
internal abstract record BodyFacts
{
    private BodyFacts() { }

    /// <summary>The request has no body.</summary>
    public sealed record None : BodyFacts
    {
        public static readonly None Value = new();
    }

    /// <summary>There is one, which hasn't been read.</summary>
    public sealed record Unread : BodyFacts
    {
        public static readonly Unread Value = new();
    }

    /// <summary>More bytes than the route reads.</summary>
    public sealed record TooLarge : BodyFacts
    {
        public static readonly TooLarge Value = new();
    }

    /// <summary>According to its headers or its bytes, it isn't JSON in UTF-8.</summary>
    public sealed record NotJson : BodyFacts
    {
        public static readonly NotJson Value = new();
    }

    public sealed record Json(JsonElement Root) : BodyFacts;
}
