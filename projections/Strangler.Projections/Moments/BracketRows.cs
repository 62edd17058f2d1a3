using Strangler.Projections.Applying;

namespace Strangler.Projections.Moments;

/// <summary>The result of a walk: versions by table, and which of them each key reaches at some moment.</summary>
/// <param name="tables">The versions of each table, by its index in the declaration, each once.</param>
/// <param name="reached">
/// For each key the versions that it reaches, by the table's index. Versions of tables that belong to every key are
/// only in <see cref="Tables"/>.
/// </param>
internal sealed class BracketRows(
    IReadOnlyList<IReadOnlyList<BracketVersion>> tables,
    IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyCollection<BracketVersion>>> reached
)
{
    private readonly Dictionary<(int Table, int Slot), Dictionary<string, List<BracketVersion>>> _byLink = [];

    public IReadOnlyList<IReadOnlyList<BracketVersion>> Tables => tables;

    /// <summary>Its versions as rows parsed for f, kept because most hold at many moments.</summary>
    public GatheredRows Read { get; } = new();

    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyCollection<BracketVersion>>> Reached => reached;

    /// <summary>The versions of a table whose link <paramref name="slot"/> has the value.</summary>
    public IReadOnlyList<BracketVersion> ByLink(int table, int slot, string value)
    {
        if (!_byLink.TryGetValue((table, slot), out var index))
        {
            _byLink[(table, slot)] = index = new(StringComparer.Ordinal);
            foreach (var version in tables[table])
            {
                if (version.Version.Links[slot] is not { } link)
                    continue;
                if (!index.TryGetValue(link, out var versions))
                    index[link] = versions = [];
                versions.Add(version);
            }
        }
        return index.TryGetValue(value, out var found) ? found : [];
    }
}
