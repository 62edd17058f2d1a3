using System.Security.Cryptography;
using System.Text;

namespace Strangler.Gateway.Admin;

/// <summary>
/// The tokens of the admin API, each with the name of the person it was made for. That person's changes are recorded
/// under that name. Pure: <see cref="AdminTokenFile"/> handles the file.
/// </summary>
public sealed class AdminTokens
{
    /// <summary>The maximum number of characters of a name.</summary>
    public const int MaxName = 100;

    private readonly List<(string Name, string Secret)> _tokens = [];

    /// <summary>Reads lines of a name, a space and a secret. Other lines and comments (<c>#</c>) are skipped.</summary>
    public static AdminTokens Parse(string text)
    {
        var tokens = new AdminTokens();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#' || line.LastIndexOf(' ') is not (> 0 and var space))
                continue;
            if (IsName(line[..space].Trim()))
                tokens._tokens.Add((line[..space].Trim(), line[(space + 1)..]));
        }
        return tokens;
    }

    /// <summary>
    /// Whether a token may be made for the name: visible characters and single spaces, not a comment.
    /// </summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name == name.Trim() && name[0] != '#' && !name.Any(char.IsControl);

    /// <summary>For whom a secret was made. Null if for nobody. Takes the same time for every secret.</summary>
    public string? Owner(string secret)
    {
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        string? owner = null;
        foreach (var (name, known) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(given, SHA256.HashData(Encoding.UTF8.GetBytes(known))))
                owner = name;
        }
        return owner;
    }

    /// <summary>The secret for a name, otherwise the first one. Null if none exists.</summary>
    public string? SecretFor(string name) =>
        _tokens.Find(token => token.Name == name).Secret ?? _tokens.FirstOrDefault().Secret;

    /// <summary>Whether a token exists for a name.</summary>
    public bool Has(string name) => _tokens.Exists(token => token.Name == name);

    /// <summary>A new line of the file, with 256 random bits.</summary>
    public static string NewLine(string name) =>
        $"{name} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
}
