namespace Shop.Projections.Tables;

public sealed record Store(int Id, string AreaCode, bool? ClickCollect, DateOnly? ClosesOn);
