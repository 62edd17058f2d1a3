using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;

namespace Strangler.Projections.Tests.Applying;

/// <summary>An offer that goes stale by itself.</summary>
public sealed class Offers : IProjection<Sku, OfferDocument>
{
    public sealed record Offer(string Sku, DateTimeOffset Until);

    internal static readonly TableSchema Schema = new(
        "public",
        "offer",
        2,
        [new("sku", "text", 25, false, 0), new("until", "timestamp with time zone", 1184, false, null)],
        "1",
        false
    );

    internal static ProjectionModel Model() => ProjectionModelBuilder.Build(typeof(Offers), "v1");

    internal static (string Key, string Row) Row(string sku, DateTimeOffset until) =>
        ($$"""{"sku":"{{sku}}"}""", $$"""{"sku":"{{sku}}","until":"{{until:yyyy-MM-ddTHH:mm:ss.ffffff}}Z"}""");

    public static void Declare(ISources<Sku> from) =>
        from.Table<Offer>("public.offer").Key(offer => new Sku(offer.Sku));

    public static Projected<OfferDocument> Project(Sku key, Rows rows, DateTimeOffset now)
    {
        var offer = rows.Single<Offer>()!;
        return now < offer.Until
            ? new(new OfferDocument(key.Value, "open"), offer.Until)
            : new(new OfferDocument(key.Value, "stale"));
    }
}

public sealed record OfferDocument(string Sku, string State);
