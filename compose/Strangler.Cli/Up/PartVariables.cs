namespace Strangler.Cli.Up;

/// <summary>Which of our environment variables a part doesn't get: what overrides the configuration of another one, its passwords before all, and the token of whoever runs us. Pure.</summary>
internal static class PartVariables
{
    private const string Prefix = "STRANGLER__";

    // A part that has a login of its own in the store gets no other one.
    private static readonly Dictionary<string, string[]> Others = new(StringComparer.Ordinal)
    {
        ["bridge"] = ["Gateway__", "ReverseProxy__", "Kestrel__", "Store__Projections", "Store__Gateway"],
        ["projections"] = ["Gateway__", "ReverseProxy__", "Kestrel__", "Source__database.password", "Source__database.user", "Store__Bridge", "Store__Gateway"],
        ["gateway"] = ["Source__database.password", "Source__database.user", "Store__Bridge", "Store__Projections"],
    };

    /// <summary>The variables that are taken away, each with null.</summary>
    public static IReadOnlyDictionary<string, string?> For(string part, IEnumerable<string> variables)
    {
        var names = variables.ToList();
        var hasOwn = names.Exists(name => name.Equals($"{Prefix}Store__{part}ConnectionString", StringComparison.OrdinalIgnoreCase));
        return names.Where(IsTaken).ToDictionary(name => name, _ => (string?)null);

        bool IsTaken(string name) =>
            name.Equals(AdminToken.Variable, StringComparison.Ordinal) ||
            name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) &&
            (Others[part].Any(other => name.AsSpan(Prefix.Length).StartsWith(other, StringComparison.OrdinalIgnoreCase)) ||
             hasOwn && name.Equals($"{Prefix}Store__ConnectionString", StringComparison.OrdinalIgnoreCase));
    }
}
