using Confluent.Kafka;

namespace Strangler.Testing;

/// <summary>
/// librdkafka's own mock cluster, in this process: what tests use where no broker can be had. Its topics come into
/// being when they are asked for, and it deletes no records.
/// </summary>
public sealed class MockCluster : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IAdminClient _owner = new AdminClientBuilder([
        new("bootstrap.servers", "mock"),
        new("test.mock.num.brokers", "3"),
    ])
        .SetLogHandler(static (_, _) => { })
        .Build();

    /// <summary>Where its brokers listen.</summary>
    public string Address =>
        string.Join(',', _owner.GetMetadata(Limit).Brokers.Select(broker => $"{broker.Host}:{broker.Port}"));

    public void Dispose() => _owner.Dispose();
}
