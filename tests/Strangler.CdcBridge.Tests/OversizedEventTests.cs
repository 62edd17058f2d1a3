using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>An event that the broker doesn't take: the bridge stops with its position, and nothing is lost.</summary>
public sealed class OversizedEventTests(PostgresFixture postgres, KafkaBroker broker)
{
    [Fact]
    public async Task RunAsync_EventOverTheBrokersLimit_StopsAndContinuesOnceItIsRaised()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, note text); insert into item values (1, '')"
        );
        var (name, address) = (KafkaBroker.Name("oversized"), await broker.AddressAsync());
        await using var kafka = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string>
                {
                    ["bootstrap.servers"] = address,
                    ["producer.max.request.size"] = "5000000",
                },
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
        var log = new NamedChangeLog(kafka, name);
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await source.ExecuteAsync(
                "insert into item values (2, repeat('x', 2000000)); insert into item values (3, '')"
            );

            var fault = await Assert.ThrowsAsync<FaultException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );

            Assert.Matches(
                $"^Topic:{name}.shop.public.item: The record at 1:[0-9A-F]+/[0-9A-F]+:[0-9]+ has 2",
                fault.Message
            );
            Assert.Contains("Raise 'max.message.bytes' of the topic", fault.Message, StringComparison.Ordinal);
        }
        await RaiseAsync(address, $"{name}.shop.public.item");

        await using var second = RunningBridge.Start(source, log);
        var records = await second.CaughtUpAsync(source);

        Assert.Equal(3, records.Count(record => record.Kind == LogRecordKind.Data));
        Assert.Equal(records.Count, records.Select(record => record.Position).Distinct().Count());
    }

    private static async Task RaiseAsync(string address, string topic)
    {
        using var admin = new AdminClientBuilder([new("bootstrap.servers", address)]).Build();
        await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [
                    new ConfigEntry
                    {
                        Name = "max.message.bytes",
                        Value = "5000000",
                        IncrementalOperation = AlterConfigOpType.Set,
                    },
                ],
            }
        );
    }
}
