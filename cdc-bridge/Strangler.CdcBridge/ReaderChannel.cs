using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Schema;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.CdcBridge;

/// <summary>
/// Hears in the store what readers wait for, and tells them when the source's catalogue has been found in order. One
/// look at the catalogue is under way; the next one is for all that came meanwhile.
/// </summary>
internal sealed class ReaderChannel(
    NpgsqlDataSource store,
    BridgeConfig config,
    WantedProgress wanted,
    SourceWatch watch,
    TimeProvider time
)
{
    /// <summary>The shortest time from the begin of one look to the next: it costs the source milliseconds.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>A look is the same few statements again, and planning them costs more than answering them.</summary>
    private const int MaxPrepared = 20;

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            new ChannelListener(store, time).RunAsync([WantedLsn.Channel], Hear, cancellationToken),
            TellAsync(cancellationToken)
        );

    private void Hear(string channel, string payload)
    {
        if (WantedLsn.TryParse(payload, out var wish) && wish.Source == config.Prefix)
            wanted.Raise(wish.Before);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        await using var readers = SourceSessions.Open(config, config.SourceForQueries, MaxPrepared);
        var raised = wanted.Raised();
        while (!cancellationToken.IsCancellationRequested)
        {
            await raised.WaitAsync(cancellationToken);
            var began = time.GetTimestamp();
            raised = wanted.Raised(); // who comes from here on gets the next look
            try
            {
                if (await watch.LookForReadersAsync(readers, cancellationToken) is { } look)
                    await TellAsync(look.ToString(), cancellationToken);
                if (LookInterval - time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
                    await Task.Delay(rest, time, cancellationToken);
            }
            // The watch and the appender report a source or store that doesn't answer; readers ask again.
#pragma warning disable CA1031
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private async Task TellAsync(string payload, CancellationToken cancellationToken)
    {
        if (payload.Length > CatalogueLook.MaxLength)
            return; // thousands of transactions are open; legacy answers
        await using var command = store.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.AddWithValue(CatalogueLook.Channel);
        command.Parameters.AddWithValue(payload);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
