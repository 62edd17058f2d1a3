namespace Strangler.Gateway.Admin;

/// <summary>Asks for another stage.</summary>
/// <param name="Who">Ignored: the change is recorded under the name that the request's token was made for.</param>
/// <param name="Force">Bypasses the gate. Who did it and why is recorded.</param>
public sealed record StageRequest(string? Stage, string? Who, string? Why, bool Force = false);
