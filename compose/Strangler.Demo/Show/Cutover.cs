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

    /// <summary>The routes whose gate did not let them through when they were asked last, with its words.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Fault>> Refused => _refused;

    /// <summary>Does what is due.</summary>
    /// <exception cref="FaultException">The gateway does not answer, or a route does not come into stage shadow.</exception>
    public async Task StepAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        if (!_compared && plan.IsShadowDue(elapsed))
        {
            // Somebody at another terminal may have been quicker.
            foreach (var route in await InAsync([Legacy], cancellationToken))
            {
                if (await routes.PromoteAsync(route, Shadow, "the demo begins to compare", cancellationToken) is { Count: > 0 } words) throw new FaultException(words);
            }
            _compared = true;
        }
        if (_left.Count == 0 || !plan.IsLookupDue(elapsed) || elapsed - _asked < Again) return;
        _asked = elapsed;
        _left.IntersectWith(await InAsync([Legacy, Shadow], cancellationToken));
        foreach (var gone in _refused.Keys.Except(_left).ToList()) _refused.Remove(gone);
        foreach (var route in _left.Order(StringComparer.Ordinal).ToList())
        {
            var words = await routes.PromoteAsync(route, Lookup, "the demo has compared enough", cancellationToken);
            if (words.Count > 0)
            {
                _refused[route] = words;
                continue;
            }
            _refused.Remove(route);
            _left.Remove(route);
        }
    }

    private async Task<IReadOnlyList<string>> InAsync(string[] stages, CancellationToken cancellationToken) =>
        [.. (await routes.ReadAsync(cancellationToken)).Where(route => stages.Contains(route.Stage) && SampleConfiguration.RouteIds.Contains(route.Route)).Select(route => route.Route)];
}
