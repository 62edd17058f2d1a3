namespace Strangler.Demo.Show;

/// <summary>How a route's guard took it back.</summary>
/// <param name="Stage">Its stage since then.</param>
/// <param name="Why">What the guard found.</param>
/// <param name="Cause">What the comparisons say about the cause; null: nothing yet.</param>
public sealed record RouteTrip(string Stage, string Why, string? Cause);
