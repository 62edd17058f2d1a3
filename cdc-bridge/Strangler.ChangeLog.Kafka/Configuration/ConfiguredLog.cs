using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;

namespace Strangler.ChangeLog.Kafka.Configuration;

/// <summary>
/// The change log that the configuration describes, the same for who appends and who reads: on Kafka if there is a
/// section <c>Log:Kafka</c>, and in the store otherwise.
/// </summary>
public sealed class ConfiguredLog : IChangeLog, ITransactionIndex, IAsyncDisposable
{
    private readonly IChangeLog _log;
    private readonly StoreTrust _trust;

    private ConfiguredLog(IChangeLog log, NpgsqlDataSource store) => (_log, _trust) = (log, new StoreTrust(store));

    /// <exception cref="FaultException">The section is wrong, or the store isn't migrated.</exception>
    public static async Task<ConfiguredLog> OpenAsync(
        IConfiguration configuration,
        NpgsqlDataSource store,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var faults = new List<Fault>();
        if (KafkaOptionsReader.Read(configuration, faults) is not { } kafka)
            return new(await ChangeLogFactory.OpenAsync(configuration, store, time, cancellationToken), store);
        var log = OnBrokers(kafka, configuration, faults, time);
        if (await StoreMigration.FaultAsync(store, EmbeddedLogSchema.Value, cancellationToken) is { } fault)
            throw new FaultException(fault);
        return new(log, store);
    }

    /// <summary>A log on these brokers, without a store.</summary>
    /// <exception cref="FaultException">A property of the clients is wrong, or the section of the log.</exception>
    public static IChangeLog OpenOn(KafkaLogOptions brokers, IConfiguration configuration, TimeProvider time) =>
        OnBrokers(brokers, configuration, [], time);

    private static KafkaChangeLog OnBrokers(
        KafkaLogOptions brokers,
        IConfiguration configuration,
        List<Fault> faults,
        TimeProvider time
    )
    {
        var keeping = LogOptionsReader.Read(configuration, faults);
        return faults.Count == 0
            ? new KafkaChangeLog(brokers, keeping, time)
            : throw new FaultException([.. faults.Distinct()]);
    }

    /// <inheritdoc/>
    public async Task<ILogAppender> OpenAppenderAsync(string source, CancellationToken cancellationToken) =>
        _log is KafkaChangeLog kafka
            ? await TrustedAppender.OpenAsync(kafka, _trust, source, cancellationToken)
            : await _log.OpenAppenderAsync(source, cancellationToken);

    /// <inheritdoc/>
    public Task<LogExtent?> ExtentAsync(string source, CancellationToken cancellationToken) =>
        _log.ExtentAsync(source, cancellationToken);

    /// <inheritdoc/>
    public Task<LogRead<LogPage>> ReadAsync(
        string source,
        Position after,
        LogReadLimit limit,
        CancellationToken cancellationToken
    ) => _log.ReadAsync(source, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task WaitAsync(string source, Position after, TimeSpan timeout, CancellationToken cancellationToken) =>
        _log.WaitAsync(source, after, timeout, cancellationToken);

    /// <inheritdoc/>
    public Task<LogRead<Position>> SeekAsync(string source, DateTimeOffset time, CancellationToken cancellationToken) =>
        _log.SeekAsync(source, time, cancellationToken);

    /// <inheritdoc/>
    public Task<LogRead<Position?>> FirstUnseenAsync(
        string source,
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    ) => ((ITransactionIndex)_log).FirstUnseenAsync(source, floor, xmax, running, until, cancellationToken);

    /// <inheritdoc/>
    public Task<LogRead<IReadOnlyList<LogTransaction>>> TransactionsAsync(
        string source,
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    ) => ((ITransactionIndex)_log).TransactionsAsync(source, from, through, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ((IAsyncDisposable)_log).DisposeAsync();
}
