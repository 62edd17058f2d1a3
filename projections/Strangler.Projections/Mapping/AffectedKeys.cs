using System.Runtime.InteropServices;
using Strangler.ChangeLog;

namespace Strangler.Projections.Mapping;

/// <summary>The keys of one projection that a batch maps to, each with the last commit that maps to it.</summary>
internal sealed class AffectedKeys
{
    public Dictionary<string, Position> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>The last commit that maps to every existing key; null if none does.</summary>
    public Position? All { get; private set; }

    public void Add(string key, Position commit)
    {
        ref var touched = ref CollectionsMarshal.GetValueRefOrAddDefault(Keys, key, out var known);
        if (!known || touched < commit)
            touched = commit;
    }

    public void AddAll(Position commit) => All = All is { } before && before > commit ? before : commit;

    public void Clear()
    {
        Keys.Clear();
        All = null;
    }
}
