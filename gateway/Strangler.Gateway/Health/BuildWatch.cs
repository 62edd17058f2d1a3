using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// Tells people why projections that answer routes aren't served: it asks the store each second, and logs each change
/// once. Answers to requests don't depend on it.
/// </summary>
internal sealed partial class BuildWatch(
    CurrentRoutes routes,
    IAnswers answers,
    TimeProvider time,
    ILogger<BuildWatch> logger
) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _troubles = new(StringComparer.Ordinal);

    /// <summary>The projections that answer routes, by name.</summary>
    public IReadOnlyList<IResponder> Responders =>
        [
            .. routes
                .All.Select(route => route.Lookup?.Responder)
                .OfType<IResponder>()
                .DistinctBy(responder => responder.Projection.Name)
                .OrderBy(responder => responder.Projection.Name, StringComparer.Ordinal),
        ];

    /// <summary>
    /// Why the lookup answers nothing from a projection, as last read from the store. Empty if it may answer, or
    /// nothing is known.
    /// </summary>
    public IReadOnlyList<string> TroublesOf(string? projection) =>
        projection is null ? [] : _troubles.GetValueOrDefault(projection) ?? [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            foreach (var responder in Responders)
                await LookAsync(responder, stoppingToken);
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task LookAsync(IResponder responder, CancellationToken cancellationToken)
    {
        var name = responder.Projection.Name;
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var build = await answers.BuildAsync(name, linked.Token).AsTask().WaitAsync(linked.Token);
            Set(name, BuildTrouble.Sentences(responder, build));
        }
        // the circuit handles a store that doesn't answer
        catch (Exception) when (!cancellationToken.IsCancellationRequested) { }
    }

    private void Set(string projection, IReadOnlyList<string> troubles)
    {
        if (TroublesOf(projection).SequenceEqual(troubles))
            return;
        _troubles[projection] = troubles;
        if (troubles.Count > 0)
            NotServed(projection, string.Join(' ', troubles));
        else
            Served(projection);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The projection '{Projection}' is not served: {Troubles}")]
    private partial void NotServed(string projection, string troubles);

    [LoggerMessage(Level = LogLevel.Information, Message = "The projection '{Projection}' can be served now.")]
    private partial void Served(string projection);
}
