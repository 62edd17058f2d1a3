using Strangler.ChangeLog.Kafka.Appending;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>An appender on Kafka that also tells the store whether the log may be answered from.</summary>
internal sealed class TrustedAppender : ILogAppender
{
    private readonly KafkaAppender _appender;
    private readonly StoreTrust _trust;
    private readonly string _source;

    private TrustedAppender(KafkaAppender appender, StoreTrust trust, string source) =>
        (_appender, _trust, _source) = (appender, trust, source);

    /// <summary>Opens it. Nothing is answered from the end's epoch from here on.</summary>
    public static async Task<TrustedAppender> OpenAsync(
        KafkaChangeLog log,
        StoreTrust trust,
        string source,
        CancellationToken cancellationToken
    )
    {
        var known = await trust.LastAppenderAsync(source, cancellationToken);
        var appender = await log.OpenAppenderAsync(source, above: known, cancellationToken);
        try
        {
            await trust.DoubtAsync(source, appender.Token, appender.End, cancellationToken);
            return new TrustedAppender(appender, trust, source);
        }
        catch
        {
            await appender.DisposeAsync();
            throw;
        }
    }

    public Position? End => _appender.End;

    public byte[]? Offset => _appender.Offset;

    public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
        _appender.AppendAsync(append, cancellationToken);

    public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
        _appender.KeepUnfinishedAsync(cancellationToken);

    public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
        _appender.DiscardUnfinishedAsync(offset, cancellationToken);

    public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => _appender.TransactionsAsync(from, through, limit, cancellationToken);

    public async Task VerifiedAsync(string server, CancellationToken cancellationToken)
    {
        await _appender.VerifiedAsync(server, cancellationToken);
        await _trust.TrustAsync(_source, _appender.Token, _appender.End, server, cancellationToken);
    }

    public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
        _appender.RetainAsync(retention, cancellationToken);

    public Fault? Undeleted => _appender.Undeleted;

    public ValueTask DisposeAsync() => _appender.DisposeAsync();
}
