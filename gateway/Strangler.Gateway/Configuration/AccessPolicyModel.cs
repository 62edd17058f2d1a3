namespace Strangler.Gateway.Configuration;

/// <summary>Who may call a route: a known caller, who has one of the roles and each of the claims.</summary>
/// <param name="Schemes">How the caller may show who it is.</param>
/// <param name="Roles">Empty if no role is needed.</param>
/// <param name="Claims">
/// Values by the type of a claim, one of which the caller needs. None if any value will do.
/// </param>
internal sealed record AccessPolicyModel(
    IReadOnlyList<string> Schemes,
    IReadOnlyList<string> Roles,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Claims
);
