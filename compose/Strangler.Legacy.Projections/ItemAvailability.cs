using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Projections;

/// <summary>Whether an item is available in each area: what 23 services answered together.</summary>
public sealed class ItemAvailability : IProjection<Sku, AvailabilityDocument>
{
    public static void Declare(ISources<Sku> from)
    {
        from.Table<Item>("public.item").Key(item => Sku.Of(item.Sku));
        from.Table<ItemGroupMember>("public.item_group_member").Key(member => Sku.Of(member.Sku));
        from.Table<ItemGroup>("public.item_group")
            .Through((ItemGroupMember member) => member.GroupCode, group => group.Code);
        from.Table<SiteEligibility>("public.site_eligibility")
            .Through((ItemGroup group) => group.Code, rule => rule.GroupCode);
        from.Table<OldSellPermission>("public.old_sell_permission")
            .Through((ItemGroup group) => group.Code, permission => permission.GroupCode);
        from.Table<SalesCap>("public.sales_cap")
            .Key(cap => Sku.Of(cap.Sku))
            .Through((ItemGroup group) => group.Code, cap => cap.GroupCode);

        from.Table<WarehouseStock>("public.warehouse_stock").Key(stock => Sku.Of(stock.Sku));
        from.Table<OldItem>("public.old_item").Key(old => Sku.FromOldCode(old.Code));
        from.Table<OldStock>("public.old_stock").Key(old => Sku.FromOldCode(old.ItemCode));
        from.Table<Warehouse>("public.warehouse")
            .Through((WarehouseStock stock) => stock.WarehouseId, warehouse => warehouse.Id)
            .Through((OldStock old) => (int?)old.DepotNo, warehouse => warehouse.DepotNo);
        from.Table<WarehouseArea>("public.warehouse_area")
            .Through((Warehouse warehouse) => warehouse.Id, entry => entry.WarehouseId);
        from.Table<WarehouseSite>("public.warehouse_site")
            .Through((Warehouse warehouse) => warehouse.Id, entry => entry.WarehouseId);
        from.Table<Reservation>("public.reservation").Key(held => Sku.Of(held.Sku));
        from.Table<OldReservation>("public.old_reservation").Key(held => Sku.FromOldCode(held.ItemCode));

        from.Table<StoreFloor>("public.store_floor").Key(floor => Sku.Of(floor.Sku));
        from.Table<StoreBackroom>("public.store_backroom").Key(backroom => Sku.FromOldCode(backroom.ItemCode));
        from.Table<Store>("public.store")
            .Through((StoreFloor floor) => floor.StoreId, store => store.Id)
            .Through((StoreBackroom backroom) => backroom.StoreId, store => store.Id);

        from.Table<Offer>("public.offer").Key(offer => Sku.Of(offer.Sku));
        from.Table<Merchant>("public.merchant").Through((Offer offer) => offer.MerchantId, merchant => merchant.Id);
        from.Table<BackOrder>("public.back_order").Key(order => Sku.Of(order.Sku));

        from.Table<Area>("public.area").Everywhere();
        from.Table<Site>("public.site").Everywhere();
        from.Table<UnitConversion>("public.unit_conversion").Everywhere();
        from.Table<CalendarDay>("public.calendar_day").Everywhere();
    }

    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now)
    {
        if (rows.Single<Item>() is not { Status: not "D" } item)
            return Projected<AvailabilityDocument>.Absent;
        var clock = new Clock(now);
        var sites = rows.All<Site>().ToDictionary(site => site.Code);
        var areas = new SortedDictionary<string, Availability>(StringComparer.Ordinal);
        foreach (var area in rows.All<Area>())
            areas.Add(area.Code, In(area, sites.GetValueOrDefault(area.SiteCode), item, rows, clock));
        return new(new(item.Sku, areas), clock.Next);
    }

    public static Answer Respond(AnswerRequest request, Documents<Sku, AvailabilityDocument> documents) =>
        request.Method == "POST"
            ? AvailabilityAnswers.Many(request, documents)
            : AvailabilityAnswers.One(request, documents);

    private static Availability In(Area area, Site? site, Item item, Rows rows, Clock clock)
    {
        if (!Selling.IsSold(item, site, rows, clock))
            return new(item.Sku, area.Code, area.SiteCode, "NOT_SOLD", 0, item.Unit, [], [], [], null, null);
        var warehouses = Warehouses.For(area, rows, clock);
        var stores = Stores.For(area, rows, clock);
        var offers = Offers.On(area.SiteCode, rows, clock);
        var cap = Caps.In(area, rows, clock);
        var backOrder = BackOrders.Next(area.SiteCode, rows, clock);
        var there =
            warehouses.Sum(line => line.Quantity)
            + stores.Sum(line => line.Floor + line.Backroom)
            + offers.Sum(offer => offer.Quantity);
        var quantity = Math.Min(there, cap?.Max ?? there);
        var status =
            quantity > 0
                ? quantity < there
                    ? "LIMITED"
                    : "IN_STOCK"
                : backOrder is not null
                    ? "BACK_ORDER"
                    : "SOLD_OUT";
        return new(
            item.Sku,
            area.Code,
            area.SiteCode,
            status,
            quantity,
            item.Unit,
            warehouses,
            stores,
            offers,
            cap,
            backOrder
        );
    }
}
