namespace Strangler.Gateway.Configuration;

/// <summary>How callers show who they are.</summary>
/// <param name="HasBearer">Whether by a token that another server issues (JWT bearer).</param>
/// <param name="ApiKey">How by a key that the configuration has. Null if not.</param>
internal sealed record SchemesModel(bool HasBearer, ApiKeyModel? ApiKey)
{
    public const string Bearer = "Bearer";
    public const string ApiKeyName = "ApiKey";
    public static readonly SchemesModel None = new(HasBearer: false, ApiKey: null);

    public IReadOnlyList<string> Names =>
        [.. HasBearer ? [Bearer] : (string[])[], .. ApiKey is null ? [] : (string[])[ApiKeyName]];
}
