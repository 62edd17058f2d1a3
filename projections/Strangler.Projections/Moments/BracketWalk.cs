using Strangler.Projections.Applying;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>
/// Finds all versions that keys reach at any moment of a bracket, with one query per table and hop and one round trip
/// per wave of them. It walks the declared paths over every version that overlaps the bracket: a hop compares the link
/// of any version found so far with the link of any version of the next table.
/// <para>
/// Complete, by induction over the hops in the order in which <see cref="RowGatherer"/> takes them. Let a version be
/// reached at a moment m. It holds at m, so it overlaps the bracket. Some hop leads to it. If the hop comes from the
/// key, the version is found by its link. If it comes from a version that an earlier hop reaches at m, that version was
/// found, so its link's value is among those that this hop asks for, and the version is found by it. So at every moment
/// the found versions include all that are reached then. Gathering at a moment from the found versions that hold at it
/// therefore gives what gathering from the whole mirror at that moment gives: no less, because all that is reached was
/// found; no more, because the found versions are a part of the mirror, and gathering never takes a row that its own
/// paths don't lead to.
/// </para>
/// <para>
/// Walking the end state alone isn't enough: a row that moved to another key, or away and back, is found by a link that
/// it had at an earlier moment.
/// </para>
/// </summary>
internal static class BracketWalk
{
    /// <returns>Null if there are more than <paramref name="max"/> versions.</returns>
    public static async Task<BracketRows?> WalkAsync(
        BoundProjection projection,
        IReadOnlyList<string> keys,
        IVersionReader reader,
        int max,
        CancellationToken cancellationToken
    )
    {
        var tables = projection
            .Tables.Select(_ => new Dictionary<(string Pk, ChangeLog.Position From), BracketVersion>())
            .ToArray();
        var reached = keys.ToDictionary(
            key => key,
            _ =>
                projection
                    .Tables.Select(_ => new HashSet<BracketVersion>(ReferenceEqualityComparer.Instance))
                    .ToArray(),
            StringComparer.Ordinal
        );
        var left = max;
        foreach (var wave in projection.Waves)
        {
            var asked = new List<(TableUse Use, LinkRead Read, Dictionary<string, HashSet<string>>? Values)>();
            foreach (var (use, hop) in wave)
            {
                if (hop is null)
                {
                    asked.Add((use, LinkRead.All(use.Mirror), null));
                    continue;
                }
                // For each key, the values that lead to a version.
                var values = hop is Hop.FromRow { From: var from }
                    ? reached.ToDictionary(
                        one => one.Key,
                        one => Links(one.Value[projection.Use(from.Table).Index], projection.Use(from.Table).Slot(from))
                    )
                    : keys.ToDictionary(key => key, key => new HashSet<string>(StringComparer.Ordinal) { key });
                var all = values.Values.SelectMany(one => one).ToHashSet(StringComparer.Ordinal);
                if (all.Count > 0)
                    asked.Add((use, new LinkRead(use.Mirror, use.Slot(hop.To), all), values));
            }
            var read = await reader.ReadAsync([.. asked.Select(one => one.Read)], left + 1, cancellationToken);
            if (read.Sum(versions => versions.Count) > left)
                return null;
            foreach (var ((use, question, values), versions) in asked.Zip(read))
            {
                var known = versions.Select(version => Known(use, version)).ToList();
                if (values is null)
                    continue;
                var found = known.ToLookup(
                    version => version.Version.Links[question.Slot!.Value]!,
                    StringComparer.Ordinal
                );
                foreach (var (key, own) in values)
                {
                    foreach (var value in own)
                        reached[key][use.Index].UnionWith(found[value]);
                }
            }
        }
        return new BracketRows(
            [.. tables.Select(table => (IReadOnlyList<BracketVersion>)[.. table.Values])],
            reached.ToDictionary(
                one => one.Key,
                one => (IReadOnlyList<IReadOnlyCollection<BracketVersion>>)one.Value,
                StringComparer.Ordinal
            )
        );

        BracketVersion Known(TableUse use, BracketVersion version)
        {
            if (tables[use.Index].TryGetValue((version.Version.Pk, version.Version.From), out var known))
                return known;
            left--;
            return tables[use.Index][(version.Version.Pk, version.Version.From)] = version;
        }
    }

    private static HashSet<string> Links(IEnumerable<BracketVersion> versions, int slot) =>
        versions.Select(version => version.Version.Links[slot]).OfType<string>().ToHashSet(StringComparer.Ordinal);
}
