using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Testing;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>
/// The contract on librdkafka's mock cluster, which every machine has: less than a broker, and more than nothing where
/// <see cref="KafkaChangeLogTests"/> are skipped.
/// </summary>
public sealed class MockKafkaChangeLogTests : ChangeLogContract, IAsyncDisposable
{
    private readonly MockCluster _cluster = new();
    private KafkaChangeLog? _log;

    protected override int Histories => 5;

    protected override Task<IChangeLog> CreateAsync(TimeProvider time, EmbeddedLogOptions options)
    {
        _log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = _cluster.Address },
                IsMockCluster = true,
            },
            options,
            time
        );
        return Task.FromResult<IChangeLog>(new NamedChangeLog(_log, "mock"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
        _cluster.Dispose();
    }
}
