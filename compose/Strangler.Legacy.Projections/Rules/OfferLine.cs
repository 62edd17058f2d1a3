namespace Shop.Projections.Rules;

public sealed record OfferLine(long Id, string Merchant, int Quantity, string Price);
