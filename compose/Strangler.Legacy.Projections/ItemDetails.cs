using System.Globalization;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Projections;

/// <summary>What an item is: from item, item-group and old-stock.</summary>
public sealed class ItemDetails : IProjection<Sku, ItemDetailsDocument>
{
    public static void Declare(ISources<Sku> from)
    {
        from.Table<FullItem>("public.item").Key(item => Sku.Of(item.Sku));
        from.Table<ItemGroupMember>("public.item_group_member").Key(member => Sku.Of(member.Sku));
        from.Table<ItemGroup>("public.item_group")
            .Through((ItemGroupMember member) => member.GroupCode, group => group.Code);
        from.Table<OldItem>("public.old_item").Key(old => Sku.FromOldCode(old.Code));
    }

    public static Projected<ItemDetailsDocument> Project(Sku key, Rows rows, DateTimeOffset now)
    {
        if (rows.Single<FullItem>() is not { Status: not "D" } item)
            return Projected<ItemDetailsDocument>.Absent;
        var old = rows.Single<OldItem>();
        return new(
            new(
                item.Sku,
                item.Name,
                item.Status,
                item.Unit,
                item.Price.ToString("0.00", CultureInfo.InvariantCulture),
                item.WeightKg,
                item.ReleasedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                item.CreatedAt.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                [
                    .. rows.All<ItemGroup>()
                        .OrderBy(group => group.Code, StringComparer.Ordinal)
                        .Select(group => new GroupLine(group.Code, group.Name)),
                ],
                old?.Code,
                old?.CasePieces,
                item.Description
            )
        );
    }

    public static Answer Respond(AnswerRequest request, Documents<Sku, ItemDetailsDocument> documents) =>
        documents.BytesAt(0) is { } bytes
            ? Answer.Json(200, bytes)
            : Refusals.Of(new UnknownItem(documents.KeyAt(0).ToString()));
}
