using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;

namespace Strangler.Gateway.Freshness;

/// <summary>
/// Tells bridge and projections what requests wait for, and hears how far they are: notifications in the store, over a
/// connection of its own. One is under way; of those that come meanwhile, the newest is sent. If the store doesn't
/// answer, requests run into their limit.
/// </summary>
internal sealed class WantedSender(
    NpgsqlDataSource store,
    CurrentRoutes routes,
    SourceProgress progress,
    TimeProvider time
) : BackgroundService
{
    /// <summary>The same is sent again after this time: who should hear it may have been away.</summary>
    internal static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    private readonly Channel<WantedLsn> _next = Channel.CreateBounded<WantedLsn>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly Lock _lock = new();
    private (WantedLsn Wish, long Look, long At)? _sent;

    /// <param name="wish">What is waited for.</param>
    /// <param name="look">When the look that asks for it was sent.</param>
    public void Send(WantedLsn wish, long look)
    {
        lock (_lock)
        {
            if (
                _sent is { } sent
                && sent.Look >= look
                && sent.Wish.Source == wish.Source
                && sent.Wish.Before >= wish.Before
                && time.GetElapsedTime(sent.At) < Again
            )
                return;
            _sent = (wish, look, time.GetTimestamp());
        }
        _next.Writer.TryWrite(wish);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!routes.All.Any(route => route.Lookup?.Freshness.Mode is not (null or FreshnessMode.Bounded)))
            await Task.Delay(Idle, time, stoppingToken);
        await Task.WhenAll(
            new ChannelListener(store, time).RunAsync(
                [AppliedPosition.Channel, CatalogueLook.Channel],
                progress.Hear,
                stoppingToken
            ),
            SendAsync(stoppingToken)
        );
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var wish in _next.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await using var command = store.CreateCommand("select pg_notify($1, $2)");
                command.Parameters.AddWithValue(WantedLsn.Channel);
                command.Parameters.AddWithValue(wish.ToString());
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            // The requests that wait run into their limit; the next ones try again.
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }
}
