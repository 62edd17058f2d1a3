using System.Text.Json;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>What the legacy service says of a product, made of the texts that the database gives.</summary>
internal sealed record ShopAnswer(
    string Id,
    string Name,
    string? Note,
    string State,
    string? Kind,
    string Price,
    string ChangedAt,
    long Version,
    string Parts,
    string Rates
)
{
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
