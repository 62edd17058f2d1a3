using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>
/// The broker is killed in the middle of appends: a broker of their own, because other tests need theirs.
/// </summary>
public sealed class KafkaKillTests : IAsyncLifetime
{
    private const string Shop = "kill";
    private readonly KafkaBroker _broker = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public Task AppendAsync_BrokerIsKilledAndComesBack_NothingIsLostAndNothingTwice() => KillAsync(1);

    [Fact]
    [Trait("Category", "Long")]
    public Task AppendAsync_BrokerIsKilledManyTimes_NothingIsLostAndNothingTwice() => KillAsync(8);

    [Fact]
    public async Task AppendAsync_BrokerStaysAway_IsAFaultInTimeAndTheAppenderIsOpenedAgain()
    {
        await using var log = await LogAsync(TimeSpan.FromSeconds(2));
        await using var appender = await AppendedAsync(log, 8);
        await _broker.KillAsync();

        var exception = await Assert.ThrowsAsync<FaultException>(() => appender.AppendAsync(Whole(16, 2), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => appender.AppendAsync(Whole(16, 2), Cancel));
        await _broker.StartAgainAsync();
        await using var again = await AppendedAsync(log, 24);

        Assert.Contains("confirmed nothing for 2 s", exception.Message, StringComparison.Ordinal);
        Assert.IsType<TimeoutException>(exception.InnerException); // by which the bridge tells that it passes
        Assert.Equal(4, (await AllAsync(log)).Count);
    }

    public async ValueTask DisposeAsync() => await _broker.DisposeAsync();

    private async Task KillAsync(int kills)
    {
        await using var log = await LogAsync(TimeSpan.FromMinutes(2));
        var (stored, reached) = (0UL, 0UL);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var writing = Task.Run(() => WriteAsync(log, commit => Volatile.Write(ref stored, commit), stop.Token), Cancel);
        for (var kill = 0; kill < kills; kill++)
        {
            await UntilAsync(writing, () => Volatile.Read(ref stored) > reached + 80);
            await _broker.KillAsync();
            reached = Volatile.Read(ref stored);
            await _broker.StartAgainAsync();
        }
        await UntilAsync(writing, () => Volatile.Read(ref stored) > reached + 80);
        await stop.CancelAsync();
        await writing;
        await using var appender = await OpenAsync(log);

        var read = await AllAsync(log);

        var last = appender.End!.Value.Commit.Value;
        Assert.InRange(last, stored, stored + 8); // the last one may have arrived though its writer was told to stop
        Assert.Equal(
            from commit in Enumerable.Range(1, (int)last / 8)
            from ordinal in Enumerable.Range(0, 3)
            select new Position(1, new Lsn((ulong)commit * 8), ordinal),
            read.Select(record => record.Position)
        );
    }

    /// <summary>Appends transactions one after another, as a bridge does that starts over after a fault.</summary>
    private static async Task WriteAsync(KafkaChangeLog log, Action<ulong> stored, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var appender = await log.OpenAppenderAsync(Shop, cancellationToken);
                while (true)
                {
                    var commit = (appender.End?.Commit.Value ?? 0) + 8;
                    await appender.AppendAsync(Whole(commit, 3), cancellationToken);
                    stored(commit);
                }
            }
            catch (FaultException)
            {
                // The broker is away: begin again, as the bridge does.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>What a killed broker had is there again a moment after it answers.</summary>
    private static async Task<ILogAppender> OpenAsync(KafkaChangeLog log)
    {
        while (true)
        {
            try
            {
                return await log.OpenAppenderAsync(Shop, Cancel);
            }
            catch (FaultException)
            {
                Cancel.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>An appender that has stored a transaction: a busy broker exceeds a short limit, too.</summary>
    private static async Task<ILogAppender> AppendedAsync(KafkaChangeLog log, ulong commit)
    {
        while (true)
        {
            var appender = await OpenAsync(log);
            try
            {
                if (!(appender.End >= End(commit)))
                    await appender.AppendAsync(Whole(commit, 2), Cancel);
                return appender;
            }
            catch (FaultException)
            {
                await appender.DisposeAsync();
                Cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<List<LogRecord>> AllAsync(KafkaChangeLog log)
    {
        var records = new List<LogRecord>();
        for (var after = Position.Start; ; )
        {
            var page = (await log.ReadAsync(Shop, after, LogReadLimit.Default, Cancel)).OrThrow();
            if (page.Through == after)
                return records;
            records.AddRange(page.Records);
            after = page.Through;
        }
    }

    private static async Task UntilAsync(Task writing, Func<bool> isReached)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isReached())
        {
            if (writing.IsCompleted)
                await writing;
            await timer.WaitForNextTickAsync(Cancel);
        }
    }

    private async Task<KafkaChangeLog> LogAsync(TimeSpan delivery) =>
        new(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await _broker.AddressAsync() },
                DeliveryLimit = delivery,
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
}
