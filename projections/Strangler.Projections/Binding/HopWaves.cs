using Strangler.Projections.Declaring;

namespace Strangler.Projections.Binding;

/// <summary>
/// Orders the hops of a projection by their dependencies, so that a walk sends one query per wave instead of one per
/// hop. A hop is taken when the table from which it comes is complete, and after the earlier hops of its own table. A
/// hop from a table to itself is taken when everything before it has been taken, and with no other hop of that table.
/// Walked backwards, the same order holds from the rows to the key.
/// </summary>
internal static class HopWaves
{
    /// <returns>For each wave its hops; a null hop reads a table that belongs to every key.</returns>
    public static IReadOnlyList<IReadOnlyList<(TableUse Use, Hop? Hop)>> Of(BoundProjection projection)
    {
        var waves = new List<IReadOnlyList<(TableUse, Hop?)>>();
        var taken = new int[projection.Tables.Count];
        while (true)
        {
            var before = taken.ToArray();
            var wave = new List<(TableUse, Hop?)>();
            foreach (var use in projection.Tables)
            {
                var hops = use.Model.Hops;
                if (use.Model.Everywhere && waves.Count == 0)
                    wave.Add((use, null));
                for (; !use.Model.Everywhere && taken[use.Index] < hops.Count; taken[use.Index]++)
                {
                    var hop = hops[taken[use.Index]];
                    if (
                        hop is not Hop.FromRow { From.Table: var from }
                        || (!ReferenceEquals(from, use.Model) && before[projection.Use(from).Index] == from.Hops.Count)
                    )
                    {
                        wave.Add((use, hop));
                        continue;
                    }
                    if (!ReferenceEquals(from, use.Model) || taken[use.Index] != before[use.Index])
                        break;
                    wave.Add((use, hop));
                    taken[use.Index]++;
                    break;
                }
            }
            if (wave.Count == 0)
                return projection.Tables.All(use => use.Model.Everywhere || taken[use.Index] == use.Model.Hops.Count)
                    ? waves
                    : throw new InvalidOperationException(
                        $"A hop of {projection.Model.Id.Name} comes from a table that is never complete."
                    );
            waves.Add(wave);
        }
    }
}
