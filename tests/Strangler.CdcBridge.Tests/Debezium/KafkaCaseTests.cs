using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Debezium;

/// <summary>What the connector published for a case, published to Kafka by the bridge.</summary>
public sealed class KafkaCaseTests(PostgresFixture postgres, KafkaBroker broker)
{
    private static readonly string[] Given =
    [
        "keys-and-identity",
        "partitions",
        "schema-changes",
        "transactions-messages-heartbeat",
        "types-schemas",
    ];

    public static TheoryData<string> Cases => [.. Given];

    public static TheoryData<string> Others =>
        [
            .. GoldenCase
                .Names.Where(name => KnownDifferences.Of(name) is null)
                .Except([.. Given, KnownDifferences.Unsteady]),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task RunAsync_Case_IsPublishedByteForByte(string name) => await CompareAsync(name);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public async Task RunAsync_AnyCase_IsPublishedByteForByte(string name) => await CompareAsync(name);

    private async Task CompareAsync(string name)
    {
        var address = await broker.AddressAsync();
        await using var run = await CaseRun.BeginAsync(postgres, name, address);
        var config = run.Config();
        var log = ConfiguredLog.OpenOn(config.Brokers!, run.Configuration, TimeProvider.System);
        await using (log as IAsyncDisposable)
            await run.RunAsync(log, config);

        var published = KafkaDump.Read(address, run);

        var differences = RecordingComparer.Compare(run.Golden.Records, [.. RepeatedHeartbeats.Drop(published)]);
        Assert.True(differences.Count == 0, $"{name}: {string.Join('\n', differences.Take(12))}");
    }
}
