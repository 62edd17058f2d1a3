using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// Reads the watermarks twice a second, with or without requests, so that when a request comes it is known whether a
/// watermark moves, and how long it has been unchanged.
/// </summary>
internal sealed class WatermarkPoll(
    CurrentRoutes routes,
    IAnswers answers,
    WatermarkAges ages,
    SourceProgress progress,
    TimeProvider time
) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Shorter, since nothing is served until a watermark has moved.</summary>
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);

    private readonly ConcurrentDictionary<string, Watermark> _last = new(StringComparer.Ordinal);

    /// <summary>A projection's watermark as last read. Null: it hasn't been.</summary>
    public Watermark? LastOf(string projection) => _last.GetValueOrDefault(projection);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            var projections = routes
                .All.Select(route => route.Lookup?.Responder.Projection.Name)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .ToList();
            var answered = projections.Count > 0;
            foreach (var projection in projections)
                answered &= await ReadAsync(projection, stoppingToken);
            await Task.Delay(answered && !ages.HasMoved ? FirstInterval : Interval, time, stoppingToken);
        }
    }

    private async Task<bool> ReadAsync(string projection, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var watermark = await answers.WatermarkAsync(projection, linked.Token).AsTask().WaitAsync(linked.Token);
            if (watermark is not null)
            {
                ages.Of(watermark);
                _last[projection] = watermark;
                progress.Saw(projection, watermark);
            }
            return watermark is not null;
        }
        // the circuit handles a store that doesn't answer
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
