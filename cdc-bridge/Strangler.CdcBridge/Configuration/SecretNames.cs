using System.Text.RegularExpressions;
using Strangler.Foundation.Patterns;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Whose values are never printed: what the connector's own pattern matches, what <c>custom.sanitize.pattern</c>
/// matches in addition, and what was read from elsewhere by a reference.
/// </summary>
internal sealed partial class SecretNames(JavaPattern? custom, IReadOnlySet<string> referred)
{
    private const string Hidden = "***";

    public string Hide(string name, string value) =>
        value.Length > 0 && (Own().IsMatch(name) || IsCustom(name) || referred.Contains(name)) ? Hidden : value;

    /// <summary>A name of which it isn't known in time is a secret's.</summary>
    private bool IsCustom(string name) => custom is not null && custom.TryMatch(name) is not false;

    [GeneratedRegex(
        @"(secret|password|passphrase|token|sasl\.jaas\.config|basic\.auth\.user\.info|credentials\.json"
            + @"|connectionstring|connection\.string|keystore\.key|(?<!message\.)key\.pem)$|client-secret",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Own();
}
