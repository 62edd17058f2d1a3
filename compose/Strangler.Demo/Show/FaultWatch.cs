using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>Sees a planted mistake being found.</summary>
/// <param name="fault">The mistake.</param>
/// <param name="touched">How many items it touches.</param>
internal sealed class FaultWatch(PlantedFault fault, int touched)
{
    private const string Element = "$.items[*].";
    private TimeSpan? _found;
    private long? _after;

    public bool HasFound => _found is not null;

    /// <param name="elapsed">Since the traffic began.</param>
    /// <param name="readings">All routes.</param>
    /// <param name="reads">
    /// How often the availability of a touched item has been asked for; the reads of the current second may still be
    /// missing.
    /// </param>
    public void See(TimeSpan elapsed, IReadOnlyList<RouteStatus> readings, long reads)
    {
        // What was missing when it was found has come by the next second.
        if (HasFound)
            _after ??= reads;
        else if (
            VerdictCounts
                .Of(readings.Where(reading => SampleConfiguration.FaultyRouteIds.Contains(reading.Route)))
                .Wrong > 0
        )
            _found = elapsed;
    }

    /// <param name="differences">What the evidence of the routes says is different.</param>
    /// <param name="reads">How often the availability of a touched item was asked for.</param>
    /// <param name="refused">The routes that were kept back.</param>
    public FaultSummary Sum(IReadOnlyList<DifferenceCount> differences, long reads, IEnumerable<string> refused)
    {
        var paths = differences
            .OrderByDescending(difference => difference.Count)
            .Select(difference => Own(difference.Path))
            .Distinct()
            .ToList();
        return new(
            fault.Name,
            fault.Wrong,
            fault.Fields,
            touched,
            HasFound,
            _found is { } at ? Math.Round(at.TotalSeconds, 1) : null,
            HasFound ? _after ?? reads : null,
            paths,
            paths.Exists(path =>
                fault.Fields.Any(field =>
                    path == field
                    || path.StartsWith(field + ".", StringComparison.Ordinal)
                    || path.StartsWith(field + "[", StringComparison.Ordinal)
                )
            ),
            refused.Any(SampleConfiguration.FaultyRouteIds.Contains)
        );
    }

    // In an answer of many items each is a part of its own.
    private static string Own(string path) =>
        path.StartsWith(Element, StringComparison.Ordinal) ? $"$.{path[Element.Length..]}" : path;
}
