using System.Text.Json;

namespace Strangler.Projections.Declaring;

/// <summary>Runs the Respond of a projection's class, or the default one.</summary>
internal sealed class Responder<TProjection, TKey, TDocument>(
    ProjectionId id,
    ProjectionCode? code,
    JsonSerializerOptions json
) : IResponder
    where TProjection : IProjection<TKey, TDocument>
    where TKey : struct, IParsable<TKey>
    where TDocument : class
{
    public ProjectionId Projection => id;

    public ProjectionCode? Code => code;

    public string? Canonical(string key) => KeyText<TKey>.Canonical(key);

    public Answer Respond(AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> found)
    {
        var documents = new (TKey, ReadOnlyMemory<byte>?)[found.Count];
        for (var i = 0; i < documents.Length; i++)
            documents[i] = (KeyText<TKey>.Parse(found[i].Key), found[i].Bytes);
        return TProjection.Respond(request, new Documents<TKey, TDocument>(documents, json));
    }
}
