namespace Shop.Projections.Tables;

public sealed record OldReservation(int Id, string ItemCode, int? DepotNo, int Pieces, DateOnly? UntilOn);
