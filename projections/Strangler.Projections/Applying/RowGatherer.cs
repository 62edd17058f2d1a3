using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Applying;

/// <summary>
/// Gathers the rows of keys along the declared paths: one query per table and hop, and one round trip per wave of them,
/// however many keys there are.
/// </summary>
internal static class RowGatherer
{
    /// <param name="read">
    /// Rows that have already been read, for callers that often gather from the same versions; null to read each row
    /// again.
    /// </param>
    public static async Task<IReadOnlyList<KeyRows>> GatherAsync(
        BoundProjection projection,
        IReadOnlyList<string> keys,
        IMirrorReader mirror,
        CancellationToken cancellationToken,
        GatheredRows? read = null
    )
    {
        // By table and key: rows by primary key, since a row counts once, however many paths reach it.
        var found = projection
            .Tables.Select(_ =>
                keys.ToDictionary(
                    key => key,
                    _ => new Dictionary<string, GatheredRow>(StringComparer.Ordinal),
                    StringComparer.Ordinal
                )
            )
            .ToArray();
        // Rows that belong to every key are sorted once and given to all of them as one list.
        var shared = new IReadOnlyList<GatheredRow>?[projection.Tables.Count];
        var known = projection
            .Tables.Select(_ => new Dictionary<string, GatheredRow>(StringComparer.Ordinal))
            .ToArray();
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var wave in projection.Waves)
        {
            var asked = new List<(TableUse Use, Hop? Hop, LinkRead Read)>();
            foreach (var (use, hop) in wave)
            {
                if (hop is null)
                    asked.Add((use, hop, LinkRead.All(use.Mirror)));
                else if (Values(hop) is { Count: > 0 } values)
                    asked.Add((use, hop, new LinkRead(use.Mirror, use.Slot(hop.To), values)));
            }
            foreach (
                var ((use, hop, question), rows) in asked.Zip(
                    await mirror.ReadAsync([.. asked.Select(one => one.Read)], cancellationToken)
                )
            )
            {
                if (hop is null)
                    shared[use.Index] = Sorted(rows.Select(row => Once(use, row)));
                else if (hop is Hop.FromRow { From: var from })
                    Join(
                        use,
                        from,
                        rows.ToLookup(
                            row => row.Links[question.Slot!.Value]!,
                            row => Once(use, row),
                            StringComparer.Ordinal
                        )
                    );
                else
                {
                    foreach (var row in rows)
                    {
                        var key = row.Links[question.Slot!.Value]!;
                        found[use.Index][key].TryAdd(row.Pk, Once(use, row));
                        named.Add(key);
                    }
                }
            }
        }
        return
        [
            .. keys.Select(key => new KeyRows(
                key,
                named.Contains(key),
                [.. found.Select((table, index) => shared[index] ?? Sorted(table[key].Values))]
            )),
        ];

        IReadOnlyCollection<string> Values(Hop hop) =>
            hop is not Hop.FromRow { From: var from }
                ? keys
                : found[projection.Use(from.Table).Index]
                    .Values.SelectMany(rows => Links(rows, from))
                    .ToHashSet(StringComparer.Ordinal);

        IEnumerable<string> Links(Dictionary<string, GatheredRow> rows, LinkModel from)
        {
            var slot = projection.Use(from.Table).Slot(from);
            return rows.Values.Select(row => row.Version.Links[slot]).OfType<string>();
        }

        void Join(TableUse use, LinkModel from, ILookup<string, GatheredRow> joined)
        {
            foreach (var key in keys)
            {
                // The list is copied first: a table joined with itself adds to what it reads.
                foreach (var value in Links(found[projection.Use(from.Table).Index][key], from).ToList())
                {
                    foreach (var row in joined[value])
                        found[use.Index][key].TryAdd(row.Version.Pk, row);
                }
            }
        }

        GatheredRow Once(TableUse use, RowVersion version)
        {
            if (!known[use.Index].TryGetValue(version.Pk, out var row))
                known[use.Index][version.Pk] = row = read?.Of(version, use) ?? new GatheredRow(version, use);
            return row;
        }
    }

    private static GatheredRow[] Sorted(IEnumerable<GatheredRow> rows)
    {
        GatheredRow[] sorted = [.. rows];
        if (sorted.Length > 1)
            Array.Sort(sorted, static (one, other) => one.PrimaryKey.CompareTo(other.PrimaryKey));
        return sorted;
    }
}
