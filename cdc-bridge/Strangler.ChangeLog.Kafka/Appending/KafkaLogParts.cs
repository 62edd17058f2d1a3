using System.Collections.Concurrent;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Appending;

/// <summary>What the readers and appenders of one log share.</summary>
internal sealed class KafkaLogParts : IAsyncDisposable
{
    // A producer takes half a second to begin: one that worked to its end is used again.
    private readonly ConcurrentBag<RecordSender> _senders = [];
    private volatile bool _isDisposed;

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

    /// <summary>A sender that nobody else uses.</summary>
    public RecordSender Sender() => _senders.TryTake(out var free) ? free : new RecordSender(Clients);

    /// <summary>Takes a sender back that has delivered everything.</summary>
    public void Return(RecordSender sender)
    {
        if (_isDisposed)
            sender.Dispose();
        else
            _senders.Add(sender);
    }

    /// <summary>
    /// Asks the transactions of a source, as its log stands now. Retention may delete what is being looked at: then it
    /// looks again, where the log begins by then.
    /// </summary>
    public async Task<LogRead<T>> FindAsync<T>(
        string source,
        Func<TransactionReader, CancellationToken, LogRead<T>> find,
        CancellationToken cancellationToken
    )
    {
        var followed = await Follower.FindAsync(source, cancellationToken);
        for (var isAgain = false; ; isAgain = true)
        {
            var point = followed is null
                ? new LogPoint(0, 0, null)
                : await Follower.NowAsync(followed, cancellationToken);
            try
            {
                return await LookAsync(
                    source,
                    point,
                    reader => find(new TransactionReader(reader, source, point), cancellationToken),
                    cancellationToken
                );
            }
            catch (FaultException exception) when (exception.InnerException is LostRecordsException lost)
            {
                if (isAgain)
                    return lost.Fault;
            }
        }
    }

    /// <summary>Looks at the control topic of a source, as it is at a point.</summary>
    public async Task<T> LookAsync<T>(
        string source,
        LogPoint point,
        Func<ControlReader, T> look,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Readers.ReaderAsync(source, point.State.Log, look, cancellationToken);
        }
        catch (LostRecordsException exception)
        {
            throw new FaultException(exception.Fault, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        while (_senders.TryTake(out var sender))
            sender.Dispose();
        await Follower.DisposeAsync();
        Readers.Dispose();
        Topics.Dispose();
    }
}
