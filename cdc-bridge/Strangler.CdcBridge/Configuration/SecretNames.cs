using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Whose values are never printed: what the connector's own pattern matches, what <c>custom.sanitize.pattern</c>
/// matches in addition, and what was read from elsewhere by a reference.
/// </summary>
internal sealed partial class SecretNames(Regex? custom, IReadOnlySet<string> referred)
{
    private const string Hidden = "***";

    public string Hide(string name, string value) =>
        value.Length > 0 && (Own().IsMatch(name) || custom?.IsMatch(name) is true || referred.Contains(name))
            ? Hidden
            : value;

    [GeneratedRegex(
        @"(secret|password|passphrase|token|sasl\.jaas\.config|basic\.auth\.user\.info|credentials\.json"
            + @"|connectionstring|connection\.string|keystore\.key|(?<!message\.)key\.pem)$|client-secret",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Own();
}
