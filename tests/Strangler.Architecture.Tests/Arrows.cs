namespace Strangler.Architecture.Tests;

/// <summary>Which name uses which other one.</summary>
internal static class Arrows
{
    /// <summary>Everything that a name uses, over others too; itself only if it is in a circle.</summary>
    public static IReadOnlySet<string> Reached(string from, IReadOnlySet<(string From, string To)> uses)
    {
        var reached = new HashSet<string>();
        var left = new Queue<string>([from]);
        while (left.TryDequeue(out var next))
        {
            foreach (var (_, to) in uses.Where(use => use.From == next && reached.Add(use.To)))
                left.Enqueue(to);
        }
        return reached;
    }

    /// <summary>Those that don't follow from the others. There is no circle among them.</summary>
    public static IEnumerable<(string From, string To)> WithoutImplied(IReadOnlySet<(string From, string To)> uses) =>
        uses.Where(use =>
            !uses.Any(other => other.From == use.From && other.To != use.To && Reached(other.To, uses).Contains(use.To))
        );
}
