namespace Shop.Projections.Tables;

// The shop's tables, with the columns that the answers depend on.

public sealed record Site(string Code, int OldNo, bool? Selling);

public sealed record Area(string Code, string Region, string SiteCode);

public sealed record UnitConversion(string Unit, decimal Pieces);

public sealed record CalendarDay(string SiteCode, DateOnly Day);

public sealed record Item(string Sku, string Status, string Unit, DateOnly? ReleasedOn);

public sealed record ItemGroupMember(string GroupCode, string Sku);

public sealed record ItemGroup(string Code, string Name);

public sealed record OldItem(string Code, int? CasePieces);

public sealed record SiteEligibility(
    long Id,
    string GroupCode,
    string SiteCode,
    bool Allowed,
    DateOnly? FromOn,
    DateOnly? ToOn
);

public sealed record OldSellPermission(int Id, string GroupCode, int? SiteNo, string Allowed);

public sealed record Warehouse(int Id, int? DepotNo, string AreaCode, string State, DateOnly? ReopensOn);

public sealed record WarehouseStock(int WarehouseId, string Sku, int? OnHand, int? Damaged);

public sealed record OldStock(long Id, string ItemCode, int DepotNo, decimal Cases);

public sealed record WarehouseArea(int WarehouseId, string AreaCode, bool? Allowed, short LeadDays);

public sealed record WarehouseSite(int Id, int WarehouseId, string? SiteCode);

public sealed record Reservation(
    Guid Id,
    string Sku,
    int WarehouseId,
    int Quantity,
    string State,
    DateTimeOffset EndsAt
);

public sealed record OldReservation(int Id, string ItemCode, int? DepotNo, int Pieces, DateOnly? UntilOn);

public sealed record Store(int Id, string AreaCode, bool? ClickCollect, DateOnly? ClosesOn);

public sealed record StoreFloor(int StoreId, string Sku, int Quantity);

public sealed record StoreBackroom(long Id, int StoreId, string ItemCode, int? Packs);

public sealed record Merchant(string Id, string Name, bool Suspended, int? MaxAgeMinutes);

public sealed record Offer(
    long Id,
    string MerchantId,
    string Sku,
    string? SiteCode,
    int Quantity,
    decimal Price,
    bool Live,
    DateTimeOffset UpdatedAt
);

public sealed record SalesCap(
    long Id,
    string? Sku,
    string? GroupCode,
    string? AreaCode,
    int MaxQuantity,
    DateTimeOffset FromAt,
    DateTimeOffset? ToAt
);

public sealed record BackOrder(long Id, string Sku, string State, DateOnly ExpectedOn, int Quantity);
