namespace Strangler.Gateway.Admin;

/// <summary>Asks to let a route be promoted again that its guard froze.</summary>
/// <param name="Why">Why, which is kept permanently.</param>
public sealed record UnfreezeRequest(string? Why);
