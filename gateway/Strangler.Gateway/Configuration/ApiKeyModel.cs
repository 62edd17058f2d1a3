namespace Strangler.Gateway.Configuration;

/// <summary>Keys by which callers show who they are.</summary>
/// <param name="Header">The request header that holds the key.</param>
/// <param name="Owners">Whose keys they are.</param>
internal sealed record ApiKeyModel(string Header, IReadOnlyList<ApiKeyOwner> Owners);
