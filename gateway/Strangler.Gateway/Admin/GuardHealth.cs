namespace Strangler.Gateway.Admin;

/// <summary>The state of a route's guard.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="State">
/// <c>off</c>, <c>armed</c>, <c>blind</c>, <c>tripped</c>, <c>cooling</c> or <c>frozen</c>.
/// </param>
public sealed record GuardHealth(string Route, string State);
