using Strangler.Demo.Sample;
using Strangler.Foundation.Faults;

namespace Strangler.Demo.Show;

/// <summary>Takes the sample's routes from stage to stage, as the plan says and as far as their gates allow.</summary>
internal sealed class Cutover(IRoutes routes, DemoPlan plan)
{
    private const string Legacy = "legacy";
    private const string Shadow = "shadow";
    private const string Lookup = "lookup";

    // A gate that refuses may accept a little later: evidence still arrives.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, IReadOnlyList<Fault>> _refused = [];
    private readonly HashSet<string> _left = [.. SampleConfiguration.RouteIds];
    private readonly Dictionary<string, Task<IReadOnlyList<Fault>>> _underWay = [];
    private bool _compared;
    private TimeSpan? _asked;

    /// <summary>The routes whose last change was refused, with the messages of their gate or of the failure.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Fault>> Refused => _refused;

    /// <summary>Whether a gate hasn't answered yet.</summary>
    public bool IsAsking => _underWay.Count > 0;

    /// <summary>
    /// Makes the changes that are due. A gate may take a while, because it waits for comparisons under way: the demo
    /// continues meanwhile, and the other routes are changed.
    /// </summary>
    /// <exception cref="FaultException">The gateway doesn't report the stages of its routes.</exception>
    public async Task StepAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        await TakeAnsweredAsync();
        if (elapsed - _asked < Again)
            return;
        if (!_compared && plan.IsShadowDue(elapsed))
        {
            _asked = elapsed;
            _compared = true;
            // A user at another terminal may have been faster.
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

    /// <summary>Waits for the gates that haven't answered yet. The admin API's client limits the time.</summary>
    public async Task EndAsync()
    {
        try
        {
            await Task.WhenAll(_underWay.Values);
        }
        catch (OperationCanceledException) { } // Ctrl-C: a gate that was not waited for has no answer
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

    /// <returns>Empty if the route is now in the stage; otherwise the messages.</returns>
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
            return exception.Faults; // a busy gateway or store may have time a little later
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
