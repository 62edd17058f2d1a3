using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads <c>Authentication:Schemes</c>. The members of <c>Bearer</c> are ASP.NET Core's own; those without which it
/// would accept everybody's tokens, or fail at each request, are checked here.
/// </summary>
internal sealed class SchemesConfigReader(IConfigurationSection section, List<Fault> faults)
{
    public const string Path = "Authentication:Schemes";
    private const string PresetHeader = "X-Api-Key";
    private const int MinKeyCharacters = 16;
    private static readonly string[] KeyMembers = ["Value", "Sha256", "Roles"];

    public SchemesModel Read()
    {
        var bearer = section.GetSection(SchemesModel.Bearer);
        var key = section.GetSection(SchemesModel.ApiKeyName);
        if (bearer.GetChildren().Any())
            CheckBearer(bearer);
        return new(bearer.GetChildren().Any(), key.GetChildren().Any() ? ReadKeys(key) : null);
    }

    private void CheckBearer(IConfigurationSection bearer)
    {
        var isSecure = new SectionValues(bearer, faults).Flag("RequireHttpsMetadata", true);
        string?[] servers = [bearer["Authority"], bearer["MetadataAddress"]];
        var keys = bearer.GetSection("SigningKeys").GetChildren().ToList();
        if (servers.All(string.IsNullOrEmpty) && keys.Count == 0)
            faults.Add(
                new Fault(
                    $"{bearer.Path}:Authority",
                    "Nothing says whose tokens are accepted.",
                    "Set it to the address of the server that issues them, or set 'ValidIssuers' and 'SigningKeys'."
                )
            );
        foreach (var server in servers.Where(server => server is { Length: > 0 }))
        {
            if (Uri.TryCreate(server, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && !isSecure)
                continue;
            if (uri?.Scheme != Uri.UriSchemeHttps)
                faults.Add(
                    new Fault(
                        $"{bearer.Path}:Authority",
                        "The server that issues tokens isn't asked by https.",
                        "Write it with 'https://', or set 'RequireHttpsMetadata' to false in a trusted network."
                    )
                );
        }
        foreach (var key in keys.Where(key => !IsBase64(key["Value"])))
            faults.Add(
                new Fault($"{key.Path}:Value", "It is not a key in base64.", "Correct it, or leave the key out.")
            );
        if (keys.CountBy(key => key["Issuer"] ?? "").Any(issuer => issuer.Value > 1))
            faults.Add(new Fault($"{bearer.Path}:SigningKeys", "Two keys are of one issuer.", "Leave one of them."));
        var issuers = Values(bearer, "ValidIssuer");
        // ASP.NET Core leaves such a key out and says nothing
        foreach (var key in keys.Where(key => issuers.Count > 0 && !issuers.Contains(key["Issuer"])))
            faults.Add(
                new Fault(
                    $"{key.Path}:Issuer",
                    key["Issuer"] is { Length: > 0 } issuer
                        ? $"'{issuer}' isn't among the valid issuers, so the key counts for nobody."
                        : "The key names no issuer, so it counts for nobody.",
                    "Write it as in 'ValidIssuers'."
                )
            );
        if (keys.Count > 0 && issuers.Count == 0)
            faults.Add(
                new Fault(
                    $"{bearer.Path}:ValidIssuers",
                    "A signing key counts for an issuer, and no issuer is named.",
                    "Set it to the issuers of the keys."
                )
            );
        if (Values(bearer, "ValidAudience").Count == 0)
            faults.Add(
                new Fault(
                    $"{bearer.Path}:ValidAudiences",
                    "No audience is named, so tokens for other services would be accepted.",
                    "Set it to the audiences for which tokens are issued to callers of the gateway."
                )
            );
    }

    private static bool IsBase64(string? text) =>
        text is { Length: > 0 } && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    /// <summary>Each of these has a member for one value, and one for several.</summary>
    private static List<string?> Values(IConfigurationSection bearer, string member) =>
        [
            .. bearer[member] is { Length: > 0 } one ? [one] : (string?[])[],
            .. bearer.GetSection($"{member}s").GetChildren().Select(value => value.Value),
        ];

    private ApiKeyModel ReadKeys(IConfigurationSection scheme)
    {
        UnknownMembers.Find(scheme, ["Header", "Keys"], faults);
        var header = scheme["Header"] ?? PresetHeader;
        if (!HeaderNames.IsName(header))
            faults.Add(
                new Fault(
                    $"{scheme.Path}:Header",
                    $"'{header}' is not the name of a header.",
                    $"Write a name such as '{PresetHeader}'."
                )
            );
        var keys = scheme.GetSection("Keys").GetChildren().ToList();
        if (keys.Count == 0)
            faults.Add(
                new Fault(
                    $"{scheme.Path}:Keys",
                    "It has no key, so nobody could show who it is.",
                    "Add one: '\"Keys\": { \"NAME\": { \"Value\": \"…\" } }'."
                )
            );
        List<ApiKeyOwner> owners = [.. keys.Select(ReadKey).OfType<ApiKeyOwner>()];
        if (owners.DistinctBy(owner => Convert.ToHexString(owner.Hash.Span)).Count() < owners.Count)
            faults.Add(
                new Fault(
                    $"{scheme.Path}:Keys",
                    "Two of them are the same key, so nobody could say whose it is.",
                    "Give each caller a key of its own."
                )
            );
        return new(header, owners);
    }

    private ApiKeyOwner? ReadKey(IConfigurationSection key)
    {
        UnknownMembers.Find(key, KeyMembers, faults);
        var roles = SectionTexts.Read(key, "Roles", faults);
        switch (key["Value"], key["Sha256"])
        {
            case ({ Length: >= MinKeyCharacters } value, null):
                return new(key.Key, SHA256.HashData(Encoding.UTF8.GetBytes(value)), roles);
            case ({ }, null):
                Add("Value", $"The key has fewer than {MinKeyCharacters} characters, so it can be guessed.");
                return null;
            case (null, { Length: 2 * SHA256.HashSizeInBytes } hash) when hash.All(char.IsAsciiHexDigit):
                return new(key.Key, Convert.FromHexString(hash), roles);
            case (null, { }):
                Add("Sha256", "It is not a SHA-256 hash in 64 hexadecimal digits.");
                return null;
            default:
                Add("Value", "Exactly one of 'Value' and 'Sha256' says what the key is.");
                return null;
        }

        void Add(string member, string problem) =>
            faults.Add(
                new Fault(
                    $"{key.Path}:{member}",
                    problem,
                    "Set 'Value' to 32 random characters, or 'Sha256' to the SHA-256 hash of such a key."
                )
            );
    }
}
