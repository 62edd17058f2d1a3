using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Testing;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>The contract on a real broker, in topics of three partitions.</summary>
public sealed class KafkaChangeLogTests(KafkaBroker broker) : ChangeLogContract, IAsyncDisposable
{
    private KafkaChangeLog? _log;

    protected override int Histories => 4;

    protected override async Task<IChangeLog> CreateAsync(TimeProvider time, EmbeddedLogOptions options)
    {
        _log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                Topics = new TopicCreation { Default = new TopicGroup { Partitions = 3 } },
            },
            options,
            time
        );
        return new NamedChangeLog(_log, KafkaBroker.Name("contract"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
    }
}
