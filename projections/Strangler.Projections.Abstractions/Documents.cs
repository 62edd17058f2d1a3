using System.Text.Json;

namespace Strangler.Projections;

/// <summary>The documents of the keys that a request names, in the request's order, repeated keys included.</summary>
public sealed class Documents<TKey, TDocument>(
    IReadOnlyList<(TKey Key, ReadOnlyMemory<byte>? Bytes)> found,
    JsonSerializerOptions json
)
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    public int Count => found.Count;

    public TKey KeyAt(int index) => found[index].Key;

    /// <summary>The stored bytes, as the projection wrote them; null if absent.</summary>
    public ReadOnlyMemory<byte>? BytesAt(int index) => found[index].Bytes;

    /// <summary>The document; null if absent.</summary>
    public TDocument? At(int index) =>
        found[index].Bytes is { } bytes ? JsonSerializer.Deserialize<TDocument>(bytes.Span, json) : null;

    /// <summary>How the projection writes JSON.</summary>
    public JsonSerializerOptions Json => json;
}
