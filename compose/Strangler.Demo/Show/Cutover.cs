using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>
/// Takes the sample's routes from stage to stage, as the plan says and as far as their gates let them.
/// </summary>
internal sealed class Cutover(IRoutes routes, DemoPlan plan)
{
    private const string Legacy = "legacy";
    private const string Shadow = "shadow";
    private const string Lookup = "lookup";

    // A gate that says no may say yes a little later: evidence still comes in.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, IReadOnlyList<Fault>> _refused = [];
    private readonly HashSet<string> _left = [.. SampleConfiguration.RouteIds];
    private readonly Dictionary<string, Task<IReadOnlyList<Fault>>> _underWay = [];
    private bool _compared;
    private TimeSpan? _asked;

    /// <summary>
    /// The routes that did not come where they were to go when that was tried last, with the words of their gate, or of
    /// what went wrong.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Fault>> Refused => _refused;

    /// <summary>
    /// Does what is due. A gate may take a while, since it waits for comparisons that are under way: the demo continues
    /// meanwhile, and the other routes are asked for.
    /// </summary>
    /// <exception cref="FaultException">The gateway does not say in which stages its routes are.</exception>
    public async Task StepAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        await TakeAnsweredAsync();
        if (elapsed - _asked < Again)
            return;
        if (!_compared && plan.IsShadowDue(elapsed))
        {
            _asked = elapsed;
            _compared = true;
            // Somebody at another terminal may have been quicker.
            foreach (var route in await InAsync([Legacy], cancellationToken))
                _compared &= Take(
                    route,
                    await AskAsync(route, Shadow, "the demo begins to compare", cancellationToken)
                );
        }
        if (_left.Count == 0 || !plan.IsLookupDue(elapsed))
            return;
        _asked = elapsed;
        _left.IntersectWith(await InAsync([Legacy, Shadow], cancellationToken));
        foreach (var gone in _refused.Keys.Except(_left).ToList())
            _refused.Remove(gone);
        foreach (var route in _left.Except(_underWay.Keys).Order(StringComparer.Ordinal).ToList())
            _underWay.Add(route, AskAsync(route, Lookup, "the demo has compared enough", cancellationToken));
        await TakeAnsweredAsync();
    }

    /// <summary>Waits for the gates that have not answered yet. The client of the admin API bounds it.</summary>
    public async Task EndAsync()
    {
        try
        {
            await Task.WhenAll(_underWay.Values);
        }
        catch (OperationCanceledException) { } // Ctrl-C: a gate that was not waited for has said nothing
        foreach (var route in _underWay.Where(asked => asked.Value.IsCanceled).Select(asked => asked.Key).ToList())
            _underWay.Remove(route);
        await TakeAnsweredAsync();
    }

    private async Task TakeAnsweredAsync()
    {
        foreach (var (route, asked) in _underWay.Where(asked => asked.Value.IsCompleted).ToList())
        {
            _underWay.Remove(route);
            if (Take(route, await asked))
                _left.Remove(route);
        }
    }

    /// <returns>Nothing if it is there now; else what was said.</returns>
    private async Task<IReadOnlyList<Fault>> AskAsync(
        string route,
        string stage,
        string why,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await routes.PromoteAsync(route, stage, why, cancellationToken);
        }
        catch (FaultException exception)
        {
            return exception.Faults; // a gateway or a store that has too much to do may have time a little later
        }
    }

    private bool Take(string route, IReadOnlyList<Fault> words)
    {
        if (words.Count == 0)
            _refused.Remove(route);
        else
            _refused[route] = words;
        return words.Count == 0;
    }

    private async Task<IReadOnlyList<string>> InAsync(string[] stages, CancellationToken cancellationToken) =>
        [
            .. (await routes.ReadAsync(cancellationToken))
                .Where(route => stages.Contains(route.Stage) && SampleConfiguration.RouteIds.Contains(route.Route))
                .Select(route => route.Route),
        ];
}
