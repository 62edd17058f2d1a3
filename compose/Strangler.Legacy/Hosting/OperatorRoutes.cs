using System.Text.Json;

namespace Shop.Hosting;

/// <summary>
/// What the shop's operators call on any service: <c>/requests</c>, <c>/switches</c>, <c>/health</c>. Neither logged
/// nor delayed.
/// </summary>
internal static class OperatorRoutes
{
    public static bool Owns(PathString path) => path.Value is "/requests" or "/switches" or "/health";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/requests", FindRequests);
        endpoints.MapGet("/switches", (Switches switches) => Results.Json(switches.Current, ShopJson.Options));
        endpoints.MapPost("/switches", TurnAsync);
        endpoints.MapGet("/health", () => Results.Json(new { status = "up" }, ShopJson.Options));
    }

    private static IResult FindRequests(RequestLog log, string? trace) =>
        Results.Json(new { total = log.Total, requests = log.Find(trace) }, ShopJson.Options);

    private static async Task<IResult> TurnAsync(
        HttpRequest request,
        Switches switches,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var settings = await JsonSerializer.DeserializeAsync<SwitchSettings>(
                request.Body,
                ShopJson.Options,
                cancellationToken
            );
            var wrong = settings is null ? "The body is empty." : switches.Turn(settings);
            return wrong is null ? Results.Json(switches.Current, ShopJson.Options) : ErrorResults.Bad(wrong);
        }
        catch (JsonException)
        {
            return ErrorResults.Bad("The body is not JSON.");
        }
    }
}
