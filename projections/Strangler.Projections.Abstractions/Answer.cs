using System.Text.Json;

namespace Strangler.Projections;

/// <summary>An HTTP answer: status, headers and body.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="Headers">Headers other than Content-Length, names as they are sent.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record Answer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly KeyValuePair<string, string>[] JsonHeaders =
    [
        new("Content-Type", "application/json; charset=utf-8"),
    ];

    /// <summary>A body of ready-made JSON bytes.</summary>
    public static Answer Json(int status, ReadOnlyMemory<byte> body) => new(status, JsonHeaders, body);

    /// <summary>A value written as JSON.</summary>
    public static Answer Json<TValue>(int status, TValue value, JsonSerializerOptions options) =>
        Json(status, JsonSerializer.SerializeToUtf8Bytes(value, options));

    /// <summary>A status without a body.</summary>
    public static Answer Empty(int status) => new(status, [], default);

    /// <summary>Why legacy must be asked instead; null: this is the answer.</summary>
    public string? LegacyReason { get; private init; }

    /// <summary>Respond doesn't know the answer to this request, so legacy gives it.</summary>
    /// <param name="reason">
    /// A few fixed words, by which such requests are counted: at most 64 characters, and no part of a key.
    /// </param>
    public static Answer AskLegacy(string reason) => new(0, [], default) { LegacyReason = LegacyReasonText.Of(reason) };

    /// <summary>The answer of a projection without Respond: the document's own bytes with 200, or 404.</summary>
    /// <exception cref="InvalidOperationException">
    /// The request names several keys, so only Respond knows what the answer looks like.
    /// </exception>
    public static Answer Of<TKey, TDocument>(Documents<TKey, TDocument> documents)
        where TKey : struct, IParsable<TKey>
        where TDocument : class
    {
        if (documents.Count != 1)
            throw new InvalidOperationException(
                $"A request for {documents.Count} keys needs a projection that implements Respond."
            );
        return documents.BytesAt(0) is { } bytes ? Json(200, bytes) : Empty(404);
    }
}
