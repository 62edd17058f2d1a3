namespace Strangler.Gateway.Admin;

/// <summary>Asks to dismiss the fault of an example.</summary>
/// <param name="Example">The example's id.</param>
/// <param name="Why">Why, which is kept permanently.</param>
public sealed record DismissalRequest(string? Example, string? Why);
