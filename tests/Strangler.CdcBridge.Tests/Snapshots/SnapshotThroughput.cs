using System.Diagnostics;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Snapshots;

/// <summary>Measures, and asserts no time: run by name, with <c>-explicit only</c>.</summary>
public sealed class SnapshotThroughput(PostgresFixture postgres, KafkaBroker broker)
{
    private const int Tables = 4;
    private const int Rows = 500_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// A log that stores nothing shows what reading and writing events take. Each number of readers comes first once:
    /// source and store share a server, whose checkpoints write what the snapshot before has left.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData("none")]
    [InlineData("embedded")]
    [InlineData("kafka")]
    public async Task Snapshot_FourTablesOf500000Rows_IsReadByOneAndByFour(string log)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            string.Concat(Enumerable.Range(1, Tables).Select(Table))
        );
        foreach (var readers in (int[])[1, 4, 4, 1])
            await MeasureAsync(source, log, readers);
    }

    private static string Table(int number) =>
        $"""
            create table item_{number} (id int primary key, name text, price numeric(10, 2), at timestamptz, note text);
            insert into item_{number}
            select g, 'item ' || g, g % 100000 / 100.0, '2026-12-01'::timestamptz + g * interval '1 s', md5(g::text)
            from generate_series(1, {Rows}) g;
            """;

    private async Task MeasureAsync(SourceDatabase source, string kind, int readers)
    {
        await using var log = await OpenAsync(kind);
        using var process = Process.GetCurrentProcess();
        var (cpu, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        await using (
            var bridge = RunningBridge.StartAsConnector(
                source,
                log.Log,
                ("snapshot.mode", "initial_only"),
                ("snapshot.max.threads", $"{readers}"),
                ("publication.autocreate.mode", "filtered"),
                ("slot.name", $"speed_{Guid.NewGuid():N}")
            )
        )
            await bridge.Completion.WaitAsync(Cancel);
        watch.Stop();
        process.Refresh();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{kind}, {readers} readers: {Tables * Rows / watch.Elapsed.TotalSeconds:N0} rows/s, "
                + $"{(process.TotalProcessorTime - cpu) / watch.Elapsed:N2} processors in the bridge, "
                + $"load {await File.ReadAllTextAsync("/proc/loadavg", Cancel)}"
        );
        await source.ExecuteAsync(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()"
        );
    }

    private async Task<OpenLog> OpenAsync(string kind)
    {
        if (kind == "none")
            return new OpenLog(new ForgetfulLog(), null);
        if (kind == "kafka")
        {
            var options = new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
            };
            var kafka = new KafkaChangeLog(options, new EmbeddedLogOptions(), TimeProvider.System);
            return new OpenLog(new NamedChangeLog(kafka, KafkaBroker.Name("snapshot")), kafka);
        }
        var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("store"));
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], Cancel);
        return new OpenLog(new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System), store);
    }

    private sealed record OpenLog(IChangeLog Log, IAsyncDisposable? Owner) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Log is IAsyncDisposable log)
                await log.DisposeAsync();
            if (Owner is not null)
                await Owner.DisposeAsync();
        }
    }

    private sealed class ForgetfulLog() : WrappedChangeLog(new InMemoryChangeLog(TimeProvider.System))
    {
        public override async Task<ILogAppender> OpenAppenderAsync(
            string source,
            CancellationToken cancellationToken
        ) => new Appender(await Inner.OpenAppenderAsync(source, cancellationToken));

        private sealed class Appender(ILogAppender inner) : ILogAppender
        {
            public Position? End => inner.End;

            public byte[]? Offset => inner.Offset;

            public Fault? Undeleted => inner.Undeleted;

            public Task AppendAsync(LogAppend append, CancellationToken cancellationToken) =>
                inner.AppendAsync(append with { Records = [] }, cancellationToken);

            public Task<Position?> KeepUnfinishedAsync(CancellationToken cancellationToken) =>
                inner.KeepUnfinishedAsync(cancellationToken);

            public Task DiscardUnfinishedAsync(byte[] offset, CancellationToken cancellationToken) =>
                inner.DiscardUnfinishedAsync(offset, cancellationToken);

            public Task<IReadOnlyList<LogTransaction>> TransactionsAsync(
                Position from,
                Position through,
                int limit,
                CancellationToken cancellationToken
            ) => inner.TransactionsAsync(from, through, limit, cancellationToken);

            public Task VerifiedAsync(string server, CancellationToken cancellationToken) =>
                inner.VerifiedAsync(server, cancellationToken);

            public Task<int> RetainAsync(LogRetention retention, CancellationToken cancellationToken) =>
                inner.RetainAsync(retention, cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
