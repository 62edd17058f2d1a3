using System.Text.Json;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>The legacy service's answer for a product, made of the database's texts.</summary>
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
