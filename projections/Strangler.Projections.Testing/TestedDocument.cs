using System.Text.Json;

namespace Strangler.Projections.Testing;

/// <summary>The document that a projection makes for a key.</summary>
/// <param name="Json">The text that is sent; null if the key is absent, or legacy is asked.</param>
/// <param name="RecomputeAt">When it changes by itself, in microseconds; null if never.</param>
public sealed record TestedDocument<TDocument>(string? Json, DateTimeOffset? RecomputeAt)
    where TDocument : class
{
    internal JsonSerializerOptions Options { get; init; } = JsonSerializerOptions.Web;

    /// <summary>Why the projection asks legacy for the key; null: it knows the answer.</summary>
    public string? LegacyReason { get; init; }

    /// <summary>Whether no document exists for the key, and that is the answer.</summary>
    public bool IsAbsent => Json is null && LegacyReason is null;

    /// <summary>The document, read back from its text; null if there is none.</summary>
    public TDocument? Read() => Json is null ? null : JsonSerializer.Deserialize<TDocument>(Json, Options);
}
