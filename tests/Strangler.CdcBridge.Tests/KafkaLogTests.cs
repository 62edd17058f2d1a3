using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The bridge with its log on Kafka.</summary>
public sealed class KafkaLogTests(PostgresFixture postgres, KafkaBroker broker)
{
    [Fact]
    public async Task RunAsync_LogOnKafka_StartedAgain_HasEveryChangeOnce()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item select generate_series(1, 3000)"
        );
        await using var kafka = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                Topics = new TopicCreation { Default = new TopicGroup { Partitions = 3 } },
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
        var log = new NamedChangeLog(kafka, KafkaBroker.Name("bridge"));
        for (var run = 0; run < 3; run++)
        {
            await using var bridge = RunningBridge.Start(source, log);
            await bridge.CaughtUpAsync(source);
            await source.ExecuteAsync(
                $"insert into item values ({4000 + run}); update item set id = {5000 + run} where id = {run + 1}"
            );
            await bridge.CaughtUpAsync(source);
            await bridge.StopAsync();
        }

        await using var last = RunningBridge.Start(source, log);
        var records = await last.CaughtUpAsync(source);

        Assert.Equal(3000, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid == 0));
        Assert.Equal(9, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid != 0));
        Assert.Equal(records.Count, records.Select(record => record.Position).Distinct().Count());
    }
}
