using System.Runtime.InteropServices;
using System.Text.Json;
using Strangler.Projections;

namespace Shop.Projections;

/// <summary>Extracts an area's answer from documents, as the shop's front end service gave it.</summary>
internal static class AvailabilityAnswers
{
    private const int MaxSkus = 100;

    public static Answer One(AnswerRequest request, Documents<Sku, AvailabilityDocument> documents)
    {
        if (request.Query.GetValueOrDefault("area") is not { Length: > 0 } area)
            return Refusals.Bad("area is required");
        if (documents.BytesAt(0) is not { } bytes)
            return Refusals.Of(new UnknownItem(documents.KeyAt(0).ToString()));
        using var document = JsonDocument.Parse(bytes);
        return Find(document, area) is { } found
            ? Answer.Json(200, JsonMarshal.GetRawUtf8Value(found).ToArray())
            : Refusals.Of(new UnknownArea(area));
    }

    public static Answer Many(AnswerRequest request, Documents<Sku, AvailabilityDocument> documents)
    {
        if (
            request.Body is not { ValueKind: JsonValueKind.Object } body
            || !IsTextOrNull(body, "area", out var area)
            || !IsListOrNull(body)
        )
            return Refusals.Bad("the body is not what was expected");
        if (documents.Count is 0 or > MaxSkus)
            return Refusals.Bad("1 to 100 skus are required");
        if (string.IsNullOrEmpty(area))
            return Refusals.Bad("area is required");
        return Answer.Json(
            200,
            new AvailabilityAnswer(
                area,
                [.. Enumerable.Range(0, documents.Count).Select(index => Part(documents, index, area))]
            ),
            Refusals.Json
        );
    }

    private static JsonElement Part(Documents<Sku, AvailabilityDocument> documents, int index, string area)
    {
        if (documents.BytesAt(index) is not { } bytes)
            return JsonSerializer.SerializeToElement(new UnknownItem(documents.KeyAt(index).ToString()), Refusals.Json);
        using var document = JsonDocument.Parse(bytes);
        return Find(document, area)?.Clone() ?? JsonSerializer.SerializeToElement(new UnknownArea(area), Refusals.Json);
    }

    private static JsonElement? Find(JsonDocument document, string area) =>
        document.RootElement.GetProperty("areas").TryGetProperty(area, out var found) ? found : null;

    private static bool IsTextOrNull(JsonElement body, string member, out string? text)
    {
        var there = body.TryGetProperty(member, out var value);
        text = there && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return !there || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;
    }

    private static bool IsListOrNull(JsonElement body) =>
        !body.TryGetProperty("skus", out var skus) || skus.ValueKind is JsonValueKind.Null or JsonValueKind.Array;

    private sealed record AvailabilityAnswer(string Area, IReadOnlyList<JsonElement> Items);
}
