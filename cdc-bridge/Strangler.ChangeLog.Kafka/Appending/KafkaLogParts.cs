using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>What the readers and appenders of one log share.</summary>
internal sealed class KafkaLogParts : IAsyncDisposable
{
    public KafkaLogParts(KafkaLogOptions options)
    {
        Clients = new KafkaClients(options);
        Topics = new TopicDirectory(Clients);
        Follower = new ControlFollower(Clients, Topics);
        Readers = new ReaderPool(Clients);
    }

    public KafkaClients Clients { get; }

    public TopicDirectory Topics { get; }

    public ControlFollower Follower { get; }

    public ReaderPool Readers { get; }

    /// <summary>Asks the transactions of a source, as its log stands now.</summary>
    public async Task<T> FindAsync<T>(
        string source,
        Func<TransactionReader, CancellationToken, T> find,
        CancellationToken cancellationToken
    )
    {
        var followed = await Follower.FindAsync(source, cancellationToken);
        var point = followed is null ? new LogPoint(0, 0, null) : await Follower.NowAsync(followed, cancellationToken);
        var reader = Readers.Reader(source);
        var found = await Task.Run(
            () => find(new TransactionReader(reader, source, point), cancellationToken),
            cancellationToken
        );
        Readers.Return(reader);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await Follower.DisposeAsync();
        Readers.Dispose();
        Topics.Dispose();
    }
}
