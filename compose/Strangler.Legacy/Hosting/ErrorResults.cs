namespace Shop.Hosting;

/// <summary>Error responses.</summary>
internal static class ErrorResults
{
    public static IResult Bad(string error) => Results.Json(new ErrorBody(error), ShopJson.Options, statusCode: 400);

    public static IResult UnknownItem(string sku) =>
        Results.Json(new UnknownItemError(sku, "unknown item"), ShopJson.Options, statusCode: 404);

    public static IResult UnknownArea(string area) =>
        Results.Json(new UnknownAreaError(area, "unknown area"), ShopJson.Options, statusCode: 400);

    public static IResult Missing(string error) =>
        Results.Json(new ErrorBody(error), ShopJson.Options, statusCode: 404);

    public static IResult Conflict(string error) =>
        Results.Json(new ErrorBody(error), ShopJson.Options, statusCode: 409);
}
