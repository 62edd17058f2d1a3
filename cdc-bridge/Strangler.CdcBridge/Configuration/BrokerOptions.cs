using System.Collections.Immutable;

namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Where Kafka is, and how it is reached: what a Kafka Connect worker and a connector say about it. Names are those of
/// Kafka's Java clients.
/// </summary>
/// <param name="Servers">Host and port of some brokers, separated by commas.</param>
internal sealed record BrokerOptions(string Servers)
{
    /// <summary>For every client: <c>security.*</c>, <c>sasl.*</c>, <c>ssl.*</c>.</summary>
    public ImmutableSortedDictionary<string, string> Client { get; init; } = None;

    /// <summary><c>producer.*</c> of the worker; the connector's <c>producer.override.*</c> take precedence.</summary>
    public ImmutableSortedDictionary<string, string> Producer { get; init; } = None;

    /// <summary><c>consumer.*</c> of the worker.</summary>
    public ImmutableSortedDictionary<string, string> Consumer { get; init; } = None;

    /// <summary><c>admin.*</c> of the worker; the connector's <c>admin.override.*</c> take precedence.</summary>
    public ImmutableSortedDictionary<string, string> Admin { get; init; } = None;

    /// <summary>Null: the broker creates topics by itself, or a person has.</summary>
    public TopicCreationOptions? Topics { get; init; }

    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<
        string,
        string
    >(StringComparer.Ordinal);

    /// <summary>The addresses alone: the other values may be secret.</summary>
    public override string ToString() => Servers;
}
