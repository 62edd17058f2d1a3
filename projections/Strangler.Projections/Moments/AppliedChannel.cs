using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;

namespace Strangler.Projections.Moments;

/// <summary>
/// Hears in the store what readers wait for, and tells them once it is applied. It says nothing while nobody waits.
/// </summary>
internal sealed class AppliedChannel(
    NpgsqlDataSource store,
    string source,
    WantedProgress wanted,
    AppliedSignal applied,
    TimeProvider time
)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Runs until it is cancelled, and then returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                new ChannelListener(store, time).RunAsync([WantedLsn.Channel], Hear, cancellationToken),
                TellAsync(cancellationToken)
            );
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { } // it has ended
    }

    private void Hear(string channel, string payload)
    {
        if (WantedLsn.TryParse(payload, out var wish) && wish.Source == source)
            wanted.Raise(wish.Before);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        Position? told = null;
        while (true)
        {
            var (raised, moved) = (wanted.Raised(), applied.Moved()); // before both are read
            var through = applied.Through;
            try
            {
                if (wanted.Before is not null && through != told)
                {
                    await TellAsync(through, cancellationToken);
                    told = through;
                }
                await (wanted.Before is null ? raised : Task.WhenAny(raised, moved)).WaitAsync(cancellationToken);
                if (raised.IsCompleted)
                    told = null; // who asks may not have heard it
            }
            // readers have a limit, and report a store that doesn't answer
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
            {
                await Task.Delay(Retry, time, cancellationToken);
            }
        }
    }

    private async Task TellAsync(Position through, CancellationToken cancellationToken)
    {
        await using var command = store.CreateCommand("select pg_notify($1, $2)");
        command.Parameters.AddWithValue(AppliedPosition.Channel);
        command.Parameters.AddWithValue(new AppliedPosition(source, through).ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
