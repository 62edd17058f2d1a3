using Strangler.Demo.Sample;
using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Writes;
using Strangler.Testing;
using Xunit;

namespace Strangler.EndToEnd.Tests;

/// <summary>Whatever the legacy system commits, each document is f of its rows.</summary>
public sealed class WriteTests
{
    private const int Items = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task RandomTransactions_Applied_MakeDocumentsThatAreFunctionsOfTheRows() =>
        WriteAsync(rounds: 3, transactions: 150);

    [Fact]
    [Trait("Category", "Long")]
    public Task ManyRandomTransactions_Applied_MakeDocumentsThatAreFunctionsOfTheRows() =>
        WriteAsync(rounds: 12, transactions: 600);

    [Fact]
    [Trait("Category", "Long")]
    public async Task RandomTransactions_AppliedFromKafka_MakeDocumentsThatAreFunctionsOfTheRows()
    {
        await using var broker = new KafkaBroker();
        await WriteAsync(rounds: 6, transactions: 300, await broker.AddressAsync());
    }

    private static async Task WriteAsync(int rounds, int transactions, string? kafka = null)
    {
        await using var system = await RunningSystem.StartAsync(
            Items,
            Cancellation,
            SampleVariant.Usual with
            {
                Kafka = kafka,
            }
        );
        var writes = new RandomTransactions(Seeds.Next(), Items, schemaChanges: true);
        var skus = Enumerable.Range(1, Items).Select(number => $"{number:D6}").ToList();

        for (var round = 0; round < rounds; round++)
        {
            await using (var writer = new Writer(system.Source, writes))
                await writer.WroteAsync(transactions, Cancellation);
            await DocumentsCheck.BecomeEqualAsync(system, skus, Cancellation);
        }

        Assert.True(writes is { Committed: > 0, RolledBack: > 0, Truncates: > 0 });
        await LogCheck.HoldsOnceAsync(system, [writes], Cancellation);
    }
}
