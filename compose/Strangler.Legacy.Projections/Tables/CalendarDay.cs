namespace Shop.Projections.Tables;

public sealed record CalendarDay(string SiteCode, DateOnly Day);
