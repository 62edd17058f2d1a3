namespace Shop.Hosting;

/// <summary>Answers that say no.</summary>
internal static class Refusals
{
    public static IResult Bad(string error) => Results.Json(new Refusal(error), ShopJson.Options, statusCode: 400);

    public static IResult UnknownItem(string sku) =>
        Results.Json(new UnknownItem(sku, "unknown item"), ShopJson.Options, statusCode: 404);

    public static IResult UnknownArea(string area) =>
        Results.Json(new UnknownArea(area, "unknown area"), ShopJson.Options, statusCode: 400);

    public static IResult Missing(string error) => Results.Json(new Refusal(error), ShopJson.Options, statusCode: 404);

    public static IResult Conflict(string error) => Results.Json(new Refusal(error), ShopJson.Options, statusCode: 409);
}

internal sealed record Refusal(string Error);

internal sealed record UnknownItem(string Sku, string Error);

internal sealed record UnknownArea(string Area, string Error);
