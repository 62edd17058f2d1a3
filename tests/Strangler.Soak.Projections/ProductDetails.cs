using System.Globalization;
using Strangler.Projections;

namespace Soak.Projections;

/// <summary>The soak's projection: every column of every row that belongs to a product, with its version.</summary>
public sealed class ProductDetails : IProjection<ProductId, ProductDocument>
{
    public static void Declare(ISources<ProductId> from)
    {
        from.Table<Product>("public.product").Key(product => new(product.Id));
        from.Table<Part>("public.part").Through((Product product) => product.Id, part => part.ProductId);
        from.Table<Kind>("public.kind").Through((Product product) => product.KindCode, kind => kind.Code);
        from.Table<Rate>("public.rate").Everywhere();
    }

    public static Projected<ProductDocument> Project(ProductId key, Rows rows, DateTimeOffset now)
    {
        if (rows.Single<Product>() is not { } product)
            return Projected<ProductDocument>.Absent;
        var kind = rows.Single<Kind>();
        return new(
            new(
                product.Id,
                product.Name,
                product.Note,
                product.State,
                kind is null ? null : Text($"{kind.Code}:{kind.Label}:{kind.Version}"),
                Text($"{product.Price}"),
                Text($"{product.ChangedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"),
                product.Version,
                string.Join(
                    ',',
                    rows.All<Part>()
                        .OrderBy(part => part.Region)
                        .Select(part => Text($"{part.Region}:{part.Quantity}:{part.Version}"))
                ),
                string.Join(
                    ',',
                    rows.All<Rate>()
                        .OrderBy(rate => rate.Code, StringComparer.Ordinal)
                        .Select(rate => Text($"{rate.Code}:{rate.Percent}:{rate.Version}"))
                )
            )
        );
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

public sealed record ProductDocument(
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
);
