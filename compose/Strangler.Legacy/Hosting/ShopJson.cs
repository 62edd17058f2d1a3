using System.Text.Json;

namespace Shop.Hosting;

/// <summary>
/// How the shop writes JSON: camel case, no spaces, members in the order of their declaration, null written.
/// </summary>
public static class ShopJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);
}
