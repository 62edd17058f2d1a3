namespace Shop.Projections.Rules;

public sealed record StoreLine(int Id, int Floor, int Backroom);
