using System.Text;
using System.Text.Json;
using Npgsql;
using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;
using Strangler.Testing.Oracle;

namespace Strangler.Legacy.Tests.Projections;

/// <summary>The projections' answers to the shop's routes, over the rows of its database.</summary>
internal sealed record Answers(
    Ported<ItemAvailability, Sku, AvailabilityDocument> Availability,
    Ported<ItemDetails, Sku, ItemDetailsDocument> Details
)
{
    public static async Task<Answers> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        new(
            await Ported<ItemAvailability, Sku, AvailabilityDocument>.ReadAsync(database, cancellationToken),
            await Ported<ItemDetails, Sku, ItemDetailsDocument>.ReadAsync(database, cancellationToken)
        );

    public LegacyAnswer One(string sku, string? area, DateTimeOffset now) =>
        Seen(
            Availability.Respond(
                new(
                    "GET",
                    new Dictionary<string, string> { ["sku"] = sku },
                    area is null
                        ? new Dictionary<string, string>()
                        : new Dictionary<string, string> { ["area"] = area },
                    null
                ),
                [Sku.Parse(sku, null)],
                now
            )
        );

    public LegacyAnswer Many(string body, IReadOnlyList<string> skus, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(body);
        return Seen(
            Availability.Respond(
                new(
                    "POST",
                    new Dictionary<string, string>(),
                    new Dictionary<string, string>(),
                    json.RootElement.Clone()
                ),
                [.. skus.Select(sku => Sku.Parse(sku, null))],
                now
            )
        );
    }

    public LegacyAnswer DetailsOf(string sku, DateTimeOffset now) =>
        Seen(
            Details.Respond(
                new("GET", new Dictionary<string, string> { ["sku"] = sku }, new Dictionary<string, string>(), null),
                [Sku.Parse(sku, null)],
                now
            )
        );

    private static LegacyAnswer Seen(Answer answer) =>
        new(
            answer.Status,
            answer.Headers.FirstOrDefault(header => header.Key == "Content-Type").Value,
            Encoding.UTF8.GetString(answer.Body.Span)
        );
}
