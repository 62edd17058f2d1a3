using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>Whether the demo showed what it is there to show.</summary>
internal static class DemoVerdict
{
    /// <returns>What did not work; empty if everything did.</returns>
    public static IReadOnlyList<Fault> Of(DemoSummary summary)
    {
        var faults = new List<Fault>();
        if (summary.Requests == 0) faults.Add(Fault("traffic", "No request reached the route."));
        if (summary.Before is { Requests: 0 }) faults.Add(Fault(summary.Route, "The call graph never answered the route."));
        if (summary.After is { Requests: 0 }) faults.Add(Fault(summary.Route, "The lookup never answered the route."));
        if (summary.Writes == 0) faults.Add(Fault("traffic", "No write went through."));
        if (summary.Errors > 0) faults.Add(Fault("traffic", $"{summary.Errors} requests failed."));
        return faults;
    }

    private static Fault Fault(string path, string problem) => new(path, problem, "Run it again with --keep and look at the log of 'strangler up', which stands above.");
}
