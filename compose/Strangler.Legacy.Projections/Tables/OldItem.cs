namespace Shop.Projections.Tables;

public sealed record OldItem(string Code, int? CasePieces);
