using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Projections.Loading;
using Strangler.Projections.Tests.Versions;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// The broker of the log is away for longer than a client waits: a broker of their own, because it is killed.
/// </summary>
public sealed class LogOutageTests(PostgresFixture postgres) : IAsyncDisposable
{
    private const int Outages = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("strangler-outage-").FullName;
    private readonly KafkaBroker _broker = new();

    [Fact]
    public async Task RunAsync_BrokerIsAwayForLongerThanAClientWaits_GoesOnAndSaysSoOnce()
    {
        var address = await _broker.AddressAsync();
        await using var store = NpgsqlDataSource.Create(await MigratedAsync());
        await using var log = new KafkaChangeLog(
            new KafkaLogOptions { Properties = new Dictionary<string, string> { ["bootstrap.servers"] = address } },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
        await using var source = new SourceLog(TimeProvider.System, log);
        await source.SnapshotAsync(
            (SampleTables.Stock, [StockRow(0)]),
            (SampleTables.Warehouse, [("""{"id":"w"}""", """{"id":"w","is_open":true}""")])
        );
        var configuration = Configuration(store, address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromMinutes(10));
        using var said = new SaidLogger();
        var running = ProjectionsPart.RunAsync(configuration, said, stop.Token);
        var answers = new StoreAnswers(store, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };
        await UntilAsync(async () => !IsLost() && await IsAppliedAsync());

        for (var outage = 1; outage <= Outages; outage++)
        {
            await _broker.KillAsync();
            await UntilAsync(() => Task.FromResult(IsLost()));
            await _broker.StartAgainAsync();
            var (key, row) = StockRow(outage);
            await source.CommitAsync(SourceLog.Update(SampleTables.Stock, key, row));
            await UntilAsync(async () => !IsLost() && await IsAppliedAsync());
        }

        var projection = Assert.Single(ProjectionCatalog.Load(configuration)).Id;
        var found = (await answers.FindAsync(projection, ["a"], stop.Token)).Found[0];
        Assert.Equal(
            $$"""{"quantity":{{Outages}}}""",
            System.Text.Encoding.UTF8.GetString(Assert.IsType<Found.Document>(found).Bytes.Span)
        );
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Success, await running);
        // A busy broker may also be away by itself. However often it is, each time is said once.
        var told = Told();
        Assert.True(told.Count(isLoss => isLoss) >= Outages, said.ToString());
        Assert.DoesNotContain(told.Zip(told.Skip(1)), pair => pair is (true, true));

        bool IsLost() => Told().LastOrDefault();

        // Each loss, and each return of the log.
        List<bool> Told() =>
            [
                .. said
                    .Lines.Where(line => IsLoss(line) || line.Contains(" continue from ", StringComparison.Ordinal))
                    .Select(IsLoss),
            ];

        static bool IsLoss(string line) => line.StartsWith("The change log doesn't answer", StringComparison.Ordinal);

        async Task<bool> IsAppliedAsync() =>
            (await answers.WatermarkAsync("ItemAvailability", stop.Token))?.Position == source.End;

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (!await holds())
            {
                if (running.IsCompleted)
                    Assert.Fail($"It ended with {await running}.");
                await timer.WaitForNextTickAsync(stop.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> MigratedAsync()
    {
        var connection = await postgres.CreateDatabaseAsync();
        await using var store = NpgsqlDataSource.Create(connection);
        await StoreMigration.MigrateAsync(
            store,
            [EmbeddedLogSchema.Value, ProjectionsSchema.Value],
            TestContext.Current.CancellationToken
        );
        return connection;
    }

    private IConfiguration Configuration(NpgsqlDataSource store, string address)
    {
        Compiler.Compile(_folder, "Team", [("Team.cs", TeamSource.Text)], typeof(IResponder).Assembly.Location);
        return new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Store:ConnectionString"] = new NpgsqlConnectionStringBuilder(store.ConnectionString)
                    {
                        Password = new NpgsqlConnectionStringBuilder(postgres.ConnectionString()).Password,
                    }.ConnectionString,
                    ["Source:topic.prefix"] = SourceLog.Source,
                    ["Projections:Assemblies:0"] = Path.Combine(_folder, "Team.dll"),
                    ["Log:Kafka:bootstrap.servers"] = address,
                    ["Log:Kafka:RequestLimit"] = "00:00:05",
                    ["Projections:KeyLimit"] = "00:05:00",
                }
            )
            .Build();
    }

    private static (string Key, string Row) StockRow(int onHand) =>
        ("""{"sku":"a"}""", $$"""{"sku":"a","on_hand":{{onHand}},"warehouse_id":"w"}""");
}
