using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>Takes the sample's routes from stage to stage, as the plan says and as far as their gates let them.</summary>
internal sealed class Cutover(IRoutes routes, DemoPlan plan)
{
    private const string Legacy = "legacy";
    private const string Shadow = "shadow";
    private const string Lookup = "lookup";

    // A gate that says no may say yes a little later: evidence still comes in.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, IReadOnlyList<Fault>> _refused = [];
    private readonly HashSet<string> _left = [.. SampleConfiguration.RouteIds];
    private bool _compared;
    private TimeSpan? _asked;

    /// <summary>The routes that did not come where they were to go when that was tried last, with the words of their gate, or of what went wrong.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Fault>> Refused => _refused;

    /// <summary>Does what is due.</summary>
    /// <exception cref="FaultException">The gateway does not say in which stages its routes are.</exception>
    public async Task StepAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (elapsed - _asked < Again) return;
        if (!_compared && plan.IsShadowDue(elapsed))
        {
            _asked = elapsed;
            _compared = true;
            // Somebody at another terminal may have been quicker.
            foreach (var route in await InAsync([Legacy], cancellationToken)) _compared &= await IsTakenAsync(route, Shadow, "the demo begins to compare", cancellationToken);
        }
        if (_left.Count == 0 || !plan.IsLookupDue(elapsed)) return;
        _asked = elapsed;
        _left.IntersectWith(await InAsync([Legacy, Shadow], cancellationToken));
        foreach (var gone in _refused.Keys.Except(_left).ToList()) _refused.Remove(gone);
        foreach (var route in _left.Order(StringComparer.Ordinal).ToList())
        {
            if (await IsTakenAsync(route, Lookup, "the demo has compared enough", cancellationToken)) _left.Remove(route);
        }
    }

    private async Task<bool> IsTakenAsync(string route, string stage, string why, CancellationToken cancellationToken)
    {
        IReadOnlyList<Fault> words;
        try
        {
            words = await routes.PromoteAsync(route, stage, why, cancellationToken);
        }
        catch (FaultException exception)
        {
            words = exception.Faults; // a gateway or a store that has too much to do may have time a little later
        }
        if (words.Count == 0) _refused.Remove(route);
        else _refused[route] = words;
        return words.Count == 0;
    }

    private async Task<IReadOnlyList<string>> InAsync(string[] stages, CancellationToken cancellationToken) =>
        [.. (await routes.ReadAsync(cancellationToken)).Where(route => stages.Contains(route.Stage) && SampleConfiguration.RouteIds.Contains(route.Route)).Select(route => route.Route)];
}
