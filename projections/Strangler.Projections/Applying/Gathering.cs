using Strangler.Projections.Declaring;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Applying;

/// <summary>Gathers the rows of keys along the declared paths: one query a table and hop, whatever the number of keys.</summary>
internal static class Gathering
{
    public static async Task<IReadOnlyList<KeyRows>> GatherAsync(BoundProjection projection, IReadOnlyList<string> keys, IMirrorReader mirror, CancellationToken cancellationToken)
    {
        // By table and key: rows by primary key, since a row counts once, however many paths reach it.
        var found = projection.Tables.Select(_ => keys.ToDictionary(key => key, _ => new Dictionary<string, GatheredRow>(StringComparer.Ordinal), StringComparer.Ordinal)).ToArray();
        // Rows that belong to every key are sorted once and given to all of them as one list.
        var shared = new IReadOnlyList<GatheredRow>?[projection.Tables.Count];
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var use in projection.Tables)
        {
            var known = new Dictionary<string, GatheredRow>(StringComparer.Ordinal);
            if (use.Model.Everywhere)
            {
                shared[use.Index] = Sorted((await mirror.AllAsync(use.Mirror, cancellationToken)).Select(Once));
                continue;
            }
            foreach (var hop in use.Model.Hops)
            {
                var slot = use.Slot(hop.To);
                if (hop is not Hop.FromRow { From: var from })
                {
                    foreach (var row in await mirror.ByLinkAsync(use.Mirror, slot, keys is IReadOnlyCollection<string> all ? all : [.. keys], cancellationToken))
                    {
                        found[use.Index][row.Links[slot]!].TryAdd(row.Pk, Once(row));
                        named.Add(row.Links[slot]!);
                    }
                    continue;
                }
                var fromUse = projection.Use(from.Table);
                var fromSlot = fromUse.Slot(from);
                var values = found[fromUse.Index].Values.SelectMany(rows => rows.Values).Select(row => row.Version.Links[fromSlot]).OfType<string>().ToHashSet(StringComparer.Ordinal);
                if (values.Count == 0) continue;
                var joined = (await mirror.ByLinkAsync(use.Mirror, slot, values, cancellationToken)).ToLookup(row => row.Links[slot]!, Once, StringComparer.Ordinal);
                foreach (var key in keys)
                {
                    // The list is taken first: a table joined with itself adds to what it reads.
                    foreach (var value in found[fromUse.Index][key].Values.Select(row => row.Version.Links[fromSlot]).OfType<string>().ToList())
                    {
                        foreach (var row in joined[value]) found[use.Index][key].TryAdd(row.Version.Pk, row);
                    }
                }
            }

            GatheredRow Once(RowVersion version)
            {
                if (!known.TryGetValue(version.Pk, out var row)) known[version.Pk] = row = new GatheredRow(version, use);
                return row;
            }
        }
        return [.. keys.Select(key => new KeyRows(key, named.Contains(key), [.. found.Select((table, index) => shared[index] ?? Sorted(table[key].Values))]))];
    }

    private static GatheredRow[] Sorted(IEnumerable<GatheredRow> rows)
    {
        GatheredRow[] sorted = [.. rows];
        if (sorted.Length > 1) Array.Sort(sorted, static (one, other) => one.PrimaryKey.CompareTo(other.PrimaryKey));
        return sorted;
    }
}
