using System.Globalization;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Soak;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// The bridge, the broker and the database end and hang at random under load for some minutes. <c>STRANGLER_SEED</c>
/// repeats the draws, and <c>STRANGLER_SOAK_SECONDS</c> sets the time.
/// </summary>
[Collection(nameof(DeliveryServers))]
public sealed class DeliverySoakTests(DeliveryServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public async Task BridgeBrokerAndDatabase_KilledAtRandom_DeliverWhatCommitted()
    {
        var (seed, faults) = (Seeds.Next(), new List<string>());
        var random = new Random(seed);
        await using var run = await DeliveryRun.StartAsync(
            servers,
            HistoryWriter.Tables,
            ("producer.override.delivery.timeout.ms", "5000")
        );
        await using var writer = run.Write(seed, clients: 4, pauseMilliseconds: 10);
        var (began, limit) = (TimeProvider.System.GetTimestamp(), Limit());
        while (TimeProvider.System.GetElapsedTime(began) < limit)
        {
            await writer.WroteAsync(random.Next(1, 200), Cancellation);
            var fault = random.Next(8);
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{fault}"));
            await FaultAsync(fault);
            // As a supervisor does: it may have found no broker, or no server, for longer than it waits.
            if (run.Bridge.HasExited)
                run.Bridge.Start();
        }

        var report = await run.CheckAsync(writer);

        Assert.True(
            report.Faults.Count == 0,
            $"{report}\nseed {seed}, faults {string.Join(' ', faults)}\n{run.Words()}"
        );

        async Task FaultAsync(int fault)
        {
            switch (fault)
            {
                case 0 or 1 or 2:
                    await run.Bridge.KillAsync();
                    break;
                case 3:
                    await servers.Broker.KillAsync();
                    await writer.WroteAsync(random.Next(1, 100), Cancellation);
                    await servers.Broker.StartAgainAsync();
                    break;
                case 4:
                    await servers.KillSourceAsync();
                    break;
                case 5:
                    await servers.HangBrokerAsync();
                    await writer.WroteAsync(random.Next(1, 100), Cancellation);
                    if (random.Next(2) == 0)
                        await run.Bridge.KillAsync();
                    await servers.WakeBrokerAsync();
                    break;
                case 6:
                    await writer.WriteLargeAsync(random.Next(1, 20) * 1_000, 10, Cancellation);
                    break;
                default:
                    // A tenth of a processor: it works only every now and then.
                    for (var turn = 0; turn < 10 && !run.Bridge.HasExited; turn++)
                    {
                        await Signals.SendAsync("STOP", [run.Bridge.ProcessId], Cancellation);
                        await writer.WroteAsync(18, Cancellation);
                        await Signals.SendAsync("CONT", [run.Bridge.ProcessId], Cancellation);
                        await writer.WroteAsync(2, Cancellation);
                    }
                    break;
            }
        }
    }

    /// <summary>
    /// The network between the bridge and the database is cut without a word to either: both notice by their own
    /// timeouts, and the bridge connects again.
    /// </summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Connections_CarryNothingAnyMore_BridgeConnectsAgain()
    {
        await using var run = await DeliveryRun.PrepareAsync(servers, HistoryWriter.Tables);
        await using var proxy = new SilentProxy(servers.Source.Port);
        await run.ConfigureAsync(("database.port", proxy.Port.ToString(CultureInfo.InvariantCulture)));
        await run.ExecuteAsync($"alter database {run.Prefix} set wal_sender_timeout = '10s'");
        await run.BeginAsync();
        await using var writer = run.Write(Seeds.Next(), pauseMilliseconds: 50);
        await writer.WroteAsync(50, Cancellation);

        proxy.Silence();
        await run.Bridge.WaitForLineAsync("The connection is lost", Cancellation);

        var report = await run.CheckAsync(writer);
        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.False(run.Bridge.HasExited);
    }

    private static TimeSpan Limit() =>
        TimeSpan.FromSeconds(
            Environment.GetEnvironmentVariable("STRANGLER_SOAK_SECONDS") is { Length: > 0 } seconds
                ? int.Parse(seconds, CultureInfo.InvariantCulture)
                : 240
        );
}
