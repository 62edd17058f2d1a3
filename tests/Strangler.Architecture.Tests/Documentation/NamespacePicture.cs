namespace Strangler.Architecture.Tests.Documentation;

/// <summary>The namespaces of an assembly and what each uses, as a flowchart of Mermaid.</summary>
internal static class NamespacePicture
{
    /// <summary>The picture's lines; none where there is only one namespace.</summary>
    /// <param name="names">The namespaces.</param>
    /// <param name="uses">Which of them uses which other one. What follows from other uses is left out.</param>
    public static IReadOnlyList<string> Draw(
        IReadOnlyCollection<string> names,
        IReadOnlySet<(string From, string To)> uses
    )
    {
        if (names.Count < 2)
            return [];
        var root = Root(names);
        var arrows = Arrows.WithoutImplied(uses).ToLookup(use => use.From, use => use.To);
        var used = uses.Select(use => use.To).ToHashSet();
        return
        [
            "```mermaid",
            "flowchart TD",
            .. names
                .Order(StringComparer.Ordinal)
                .Where(name => arrows.Contains(name) || !used.Contains(name))
                .Select(name => $"    {Label(name)}{To(arrows[name])}"),
            "```",
        ];

        string To(IEnumerable<string> others) =>
            string.Join(" & ", others.Order(StringComparer.Ordinal).Select(Label)) is { Length: > 0 } to
                ? $" --> {to}"
                : "";

        // The last word of the root, and of any other what stands behind the root.
        string Label(string name) => name == root ? root.Split('.')[^1] : name[(root.Length + 1)..];
    }

    /// <summary>The words with which all of them begin.</summary>
    private static string Root(IReadOnlyCollection<string> names)
    {
        var root = names.MinBy(name => name.Length)!;
        while (!names.All(name => name == root || name.StartsWith(root + ".", StringComparison.Ordinal)))
            root = root[..root.LastIndexOf('.')];
        return root;
    }
}
