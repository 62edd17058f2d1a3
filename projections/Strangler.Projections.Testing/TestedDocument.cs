using System.Text.Json;

namespace Strangler.Projections.Testing;

/// <summary>The document that a projection makes for a key.</summary>
/// <param name="Json">The text that is sent; null if the key is absent, which a lookup answers with 404.</param>
/// <param name="RecomputeAt">When it changes by itself, in microseconds; null if never.</param>
public sealed record TestedDocument<TDocument>(string? Json, DateTimeOffset? RecomputeAt)
    where TDocument : class
{
    internal JsonSerializerOptions Options { get; init; } = JsonSerializerOptions.Web;

    /// <summary>Whether no document exists for the key.</summary>
    public bool IsAbsent => Json is null;

    /// <summary>The document, read back from its text; null if the key is absent.</summary>
    public TDocument? Read() => Json is null ? null : JsonSerializer.Deserialize<TDocument>(Json, Options);
}
