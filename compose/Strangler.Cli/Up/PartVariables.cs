namespace Strangler.Cli.Up;

/// <summary>
/// Which of our environment variables a part doesn't get: those that override another part's configuration, above all
/// its passwords, and our caller's token. Variables are compared as .NET reads them: <c>__</c> is <c>:</c>, and case
/// doesn't matter. Pure.
/// </summary>
internal static class PartVariables
{
    private const StringComparison Alike = StringComparison.OrdinalIgnoreCase;

    /// <summary>What may stand before a key; a variable may also have the key alone.</summary>
    private static readonly string[] Prefixes = ["STRANGLER:", "ASPNETCORE_", "DOTNET_"];

    // A part with its own login in the store gets no other login.
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["bridge"] = ["Gateway:", "ReverseProxy:", "Kestrel:", "Authentication:", "Store:Projections", "Store:Gateway"],
        ["projections"] =
        [
            "Gateway:",
            "ReverseProxy:",
            "Kestrel:",
            "Authentication:",
            "Source:database.password",
            "Source:database.user",
            "Store:Bridge",
            "Store:Gateway",
        ],
        ["gateway"] = ["Source:database.password", "Source:database.user", "Store:Bridge", "Store:Projections"],
    };

    /// <summary>The removed variables, each with null.</summary>
    public static IReadOnlyDictionary<string, string?> For(string part, IEnumerable<string> variables)
    {
        var names = variables.ToList();
        var hasOwn = names.Exists(name => Key(name).Equals($"Store:{part}ConnectionString", Alike));
        return names
            .Where(name => name.Equals(AdminToken.Variable, Alike) || IsTaken(Key(name)))
            .ToDictionary(name => name, _ => (string?)null);

        bool IsTaken(string key) =>
            Others[part].Any(other => key.StartsWith(other, Alike))
            || hasOwn && key.Equals("Store:ConnectionString", Alike);
    }

    private static string Key(string name)
    {
        var key = name.Replace("__", ":", StringComparison.Ordinal);
        return Prefixes.FirstOrDefault(prefix => key.StartsWith(prefix, Alike)) is { } found
            ? key[found.Length..]
            : key;
    }
}
