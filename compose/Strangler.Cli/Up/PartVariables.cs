namespace Strangler.Cli.Up;

/// <summary>
/// Which of our environment variables a part doesn't get: what overrides the configuration of another one, its
/// passwords before all, and the token of whoever runs us. Variables are compared as .NET reads them: <c>__</c> is
/// <c>:</c>, and no letter's case counts. Pure.
/// </summary>
internal static class PartVariables
{
    private const string Prefix = "STRANGLER:";
    private const StringComparison Alike = StringComparison.OrdinalIgnoreCase;

    // A part that has a login of its own in the store gets no other one.
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["bridge"] = ["Gateway:", "ReverseProxy:", "Kestrel:", "Store:Projections", "Store:Gateway"],
        ["projections"] =
        [
            "Gateway:",
            "ReverseProxy:",
            "Kestrel:",
            "Source:database.password",
            "Source:database.user",
            "Store:Bridge",
            "Store:Gateway",
        ],
        ["gateway"] = ["Source:database.password", "Source:database.user", "Store:Bridge", "Store:Projections"],
    };

    /// <summary>The variables that are taken away, each with null.</summary>
    public static IReadOnlyDictionary<string, string?> For(string part, IEnumerable<string> variables)
    {
        var names = variables.ToList();
        var hasOwn = names.Exists(name => Key(name).Equals($"{Prefix}Store:{part}ConnectionString", Alike));
        return names
            .Where(name => name.Equals(AdminToken.Variable, Alike) || IsTaken(Key(name)))
            .ToDictionary(name => name, _ => (string?)null);

        bool IsTaken(string key) =>
            Others[part].Any(other => key.StartsWith(Prefix + other, Alike))
            || hasOwn && key.Equals($"{Prefix}Store:ConnectionString", Alike);
    }

    private static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);
}
