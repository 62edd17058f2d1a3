using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>Watches for a planted mistake to be found.</summary>
/// <param name="fault">The mistake.</param>
/// <param name="touched">How many items it affects.</param>
internal sealed class FaultWatch(PlantedFault fault, int touched)
{
    private const string Element = "$.items[*].";
    private TimeSpan? _found;
    private long? _after;

    public bool HasFound => _found is not null;

    /// <param name="elapsed">The time since the traffic began.</param>
    /// <param name="readings">All routes.</param>
    /// <param name="reads">
    /// How often the availability of an affected item has been requested; the reads of the current second may still be
    /// missing.
    /// </param>
    public void See(TimeSpan elapsed, IReadOnlyList<RouteStatus> readings, long reads)
    {
        // Reads that were missing when it was found have arrived by the next second.
        if (HasFound)
            _after ??= reads;
        else if (
            VerdictCounts
                .Of(readings.Where(reading => SampleConfiguration.FaultyRouteIds.Contains(reading.Route)))
                .Wrong > 0
        )
            _found = elapsed;
    }

    /// <param name="differences">The differences in the routes' evidence.</param>
    /// <param name="reads">How often the availability of an affected item was requested.</param>
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

    // In an answer with many items each one is its own part.
    private static string Own(string path) =>
        path.StartsWith(Element, StringComparison.Ordinal) ? $"$.{path[Element.Length..]}" : path;
}
