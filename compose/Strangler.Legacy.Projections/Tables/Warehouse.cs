namespace Shop.Projections.Tables;

public sealed record Warehouse(int Id, int? DepotNo, string AreaCode, string State, DateOnly? ReopensOn);
