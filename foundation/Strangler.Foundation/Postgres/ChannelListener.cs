using System.Data.Common;
using Npgsql;

namespace Strangler.Foundation.Postgres;

/// <summary>
/// Hears notifications over a connection of its own, which it makes again when it is lost. What is sent in between is
/// lost: who waits for a notification also needs a limit.
/// </summary>
public sealed class ChannelListener(NpgsqlDataSource store, TimeProvider time)
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    /// <summary>A lost connection that wasn't reported is noticed after this time.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(15);

    /// <summary>Listens until it is cancelled, and then returns.</summary>
    /// <param name="channels">The channels of NOTIFY.</param>
    /// <param name="hear">Is called with each channel and payload, one at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(
        IReadOnlyList<string> channels,
        Action<string, string> hear,
        CancellationToken cancellationToken
    )
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(channels, hear, cancellationToken);
            }
            // who waits has a limit, and reports a store that doesn't answer
            catch (Exception exception) when (exception is DbException or IOException or TimeoutException)
            {
                await Task.Delay(Reconnect, time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(
        IReadOnlyList<string> channels,
        Action<string, string> hear,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => hear(notification.Channel, notification.Payload);
        foreach (var channel in channels)
            await ExecuteAsync($"listen {SqlName.Quote(channel)}");
        while (true)
        {
            if (!await connection.WaitAsync(Probe, cancellationToken))
                await ExecuteAsync("select 1");
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
