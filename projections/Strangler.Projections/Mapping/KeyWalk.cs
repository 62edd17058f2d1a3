using System.Runtime.InteropServices;
using Strangler.ChangeLog;
using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Mapping;

/// <summary>
/// Finds the keys of changed rows: both images of every change walk the declared paths towards the key, hop by hop over
/// the links of the mirror after the batch, with one query per table and hop and one round trip per wave of them.
/// Complete: if the document of a key changes, some path from the key contained a changed row; of these rows, take the
/// one nearest to the key. Everything between is unchanged, and is therefore in the mirror after the batch, and the
/// row's own old or new image starts the walk. The same holds at each commit within the batch for the commit that is
/// recorded: a later change nearer to the key carries a later commit.
/// </summary>
internal static class KeyWalk
{
    private const int AllHops = int.MaxValue;

    /// <summary>Adds the keys to which <paramref name="images"/> map.</summary>
    public static async Task MapAsync(
        BoundProjection projection,
        IReadOnlyList<Image> images,
        IMirrorReader mirror,
        AffectedKeys affected,
        CancellationToken cancellationToken
    )
    {
        var reached = projection.Tables.Select(_ => new List<Reached>()).ToArray();
        foreach (var image in images)
            Begin(projection, image, reached, affected);

        // Backwards, so that everything that leads to a table's rows has been walked before its own hops.
        foreach (var wave in projection.Waves.Reverse())
        {
            var asked = new List<(TableUse From, LinkRead Read, Dictionary<string, Position> Values, int Limit)>();
            foreach (var (use, hop) in wave)
            {
                if (hop is null || reached[use.Index].Count == 0)
                    continue;
                var index = use.Model.Hops.FindIndex(one => ReferenceEquals(one, hop));
                var values = Values(reached[use.Index], use.Slot(hop.To), index);
                if (values.Count == 0)
                    continue;
                if (hop is not Hop.FromRow { From: var from })
                {
                    foreach (var (key, commit) in values)
                        affected.Add(key, commit);
                    continue;
                }
                var fromUse = projection.Use(from.Table);
                // A table joined with itself: its rows are reached from the rows that earlier hops reach.
                asked.Add(
                    (
                        fromUse,
                        new LinkRead(fromUse.Mirror, fromUse.Slot(from), values.Keys),
                        values,
                        fromUse.Index == use.Index ? index : AllHops
                    )
                );
            }
            foreach (
                var ((from, read, values, limit), rows) in asked.Zip(
                    await mirror.ReadAsync([.. asked.Select(one => one.Read)], cancellationToken)
                )
            )
            {
                foreach (var row in rows)
                    reached[from.Index].Add(new Reached(row.Links, values[row.Links[read.Slot!.Value]!], limit));
                Distinct(reached[from.Index]);
            }
        }
    }

    private static void Begin(BoundProjection projection, Image image, List<Reached>[] reached, AffectedKeys affected)
    {
        foreach (var use in image.Table.Uses)
        {
            if (!ReferenceEquals(use.Projection, projection))
                continue;
            if (use.Model.Everywhere)
                affected.AddAll(image.Commit);
            if (image.Before is { } old)
                reached[use.Index].Add(new Reached(old, image.Commit, AllHops));
            if (image.After is { } now && (image.Before is null || !now.AsSpan().SequenceEqual(image.Before)))
                reached[use.Index].Add(new Reached(now, image.Commit, AllHops));
        }
    }

    private static Dictionary<string, Position> Values(List<Reached> rows, int slot, int hop)
    {
        var values = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (row.Limit <= hop || row.Links[slot] is not { } value)
                continue;
            ref var commit = ref CollectionsMarshal.GetValueRefOrAddDefault(values, value, out var known);
            if (!known || commit < row.Commit)
                commit = row.Commit;
        }
        return values;
    }

    /// <summary>Rows with the same links lead to the same keys: one of them, with the last commit, is enough.</summary>
    private static void Distinct(List<Reached> rows)
    {
        if (rows.Count < 2)
            return;
        var distinct = rows.GroupBy(row =>
                (string.Join('\u001f', row.Links.Select(link => link ?? "\u001e")), row.Limit)
            )
            .Select(group => group.MaxBy(row => row.Commit)!)
            .ToList();
        rows.Clear();
        rows.AddRange(distinct);
    }

    /// <summary>A row that is reached from a change, and whose hops below <paramref name="Limit"/> lead on.</summary>
    private sealed record Reached(string?[] Links, Position Commit, int Limit);
}
