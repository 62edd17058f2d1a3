using System.Globalization;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>Whether the demo showed what it is meant to show.</summary>
internal static class DemoVerdict
{
    private const double Enough = 0.9;

    /// <summary>
    /// A sentence if clearly fewer writes succeeded than requested: then the figures are those of an overloaded
    /// machine. It is not a fault, because nothing failed.
    /// </summary>
    public static string? Shortfall(DemoSummary summary) =>
        summary.WritesPerSecond >= summary.WritesAskedPerSecond * Enough
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Only {summary.WritesPerSecond:0} of {summary.WritesAskedPerSecond} writes a second went through: "
                    + $"this machine had too much to do."
            );

    /// <returns>What didn't work; empty if everything did.</returns>
    public static IReadOnlyList<Fault> Of(DemoSummary summary)
    {
        var faults = new List<Fault>();
        if (summary.Requests == 0)
            faults.Add(Fault("traffic", "No request reached the route."));
        if (summary.Before is { Requests: 0 })
            faults.Add(Fault(summary.Route, "The call graph never answered the route."));
        if (summary.Fault is { } planted)
            Planted(planted, faults);
        else
            NothingPlanted(summary, faults);
        if (summary.Guard is { RolledBackAtSecond: null } guard)
            faults.Add(Fault(guard.Route, "Its guard did not take it back when legacy's answers changed."));
        if (summary.Writes == 0)
            faults.Add(Fault("traffic", "No write went through."));
        if (summary.Errors > 0)
            faults.Add(Fault("traffic", $"{summary.Errors} requests failed."));
        return faults;
    }

    /// <summary>A planted mistake must be found, and the gate must keep it from customers.</summary>
    private static void Planted(FaultSummary planted, List<Fault> faults)
    {
        if (!planted.Found)
            faults.Add(Fault($"--fault {planted.Name}", "The planted mistake was not found."));
        else if (!planted.FieldNamed)
            faults.Add(
                Fault($"--fault {planted.Name}", $"What was found is elsewhere: {string.Join(", ", planted.FoundIn)}.")
            );
        if (!planted.PromotionRefused)
            faults.Add(
                Fault($"--fault {planted.Name}", "No gate kept the route with the planted mistake in stage shadow.")
            );
    }

    private static void NothingPlanted(DemoSummary summary, List<Fault> faults)
    {
        if (summary.Comparison.Verdicts.Compared == 0)
            faults.Add(Fault(summary.Route, "Nothing was compared."));
        if (summary.Comparison.Verdicts.Wrong > 0)
            faults.Add(
                Fault(
                    summary.Route,
                    $"{summary.Comparison.Verdicts.Wrong} compared keys were wrong, and nothing was planted."
                )
            );
        foreach (var (route, words) in summary.Refused)
            faults.Add(Fault(route, $"Its gate kept it in stage shadow. {string.Join(" ", words)}"));
        if (summary.After is { Requests: 0 } && !summary.Refused.ContainsKey(summary.Route))
            faults.Add(Fault(summary.Route, "The lookup never answered the route."));
    }

    private static Fault Fault(string path, string problem) =>
        new(path, problem, "Run it again with --keep and look at the log of 'strangler up', shown above.");
}
